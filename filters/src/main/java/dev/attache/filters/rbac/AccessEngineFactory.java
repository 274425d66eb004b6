package dev.attache.filters.rbac;

import dev.attache.config.extension.CompileContext;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles what the rbac filters decide by. */
public final class AccessEngineFactory {

    private AccessEngineFactory() {}

    /**
     * {@code rules} or {@code shadow_rules}; of use only where no error was reported.
     *
     * @param prefix of what is told of verdicts
     */
    public static AccessEngine rules(
            RBAC rules, Verdict.Mode mode, String prefix, CompileContext context) {
        return new RulesEngine(
                policies(rules, mode, prefix, context), unmet(rules.getAction(), mode, prefix));
    }

    /** In the order of their names, which are compared as octets. */
    static List<Policy> policies(
            RBAC rules, Verdict.Mode mode, String prefix, CompileContext context) {
        List<String> names = new ArrayList<>(rules.getPoliciesMap().keySet());
        names.sort(Comparator.comparing(Octets::of));
        List<Policy> policies = new ArrayList<>(names.size());
        for (String name : names) {
            policies.add(
                    policy(
                            rules.getPoliciesOrThrow(name),
                            met(rules.getAction(), mode, prefix, name),
                            context.at("policies", name)));
        }
        return policies;
    }

    private static Verdict met(
            RBAC.Action action, Verdict.Mode mode, String prefix, String policy) {
        return Verdict.of(
                mode,
                prefix,
                policy,
                action != RBAC.Action.DENY,
                action == RBAC.Action.LOG ? true : null);
    }

    private static Verdict unmet(RBAC.Action action, Verdict.Mode mode, String prefix) {
        return Verdict.of(
                mode,
                prefix,
                "",
                action != RBAC.Action.ALLOW,
                action == RBAC.Action.LOG ? false : null);
    }

    private static Policy policy(
            io.envoyproxy.envoy.config.rbac.v3.Policy policy,
            Verdict verdict,
            CompileContext context) {
        List<Check> all = new ArrayList<>(3);
        all.add(PermissionFactory.either(policy.getPermissionsList(), "permissions", context));
        all.add(PrincipalFactory.either(policy.getPrincipalsList(), "principals", context));
        if (policy.hasCondition()) {
            Check condition = condition(policy, context.at("condition"));
            if (condition != null) {
                all.add(condition);
            }
        }
        return new Policy(new Combination.All(all), verdict);
    }

    /** The check, or null with the error reported. */
    private static @Nullable Check condition(
            io.envoyproxy.envoy.config.rbac.v3.Policy policy, CompileContext context) {
        try {
            return new Condition(
                    CelExpressionFactory.compile(
                            policy.getCondition(), FunctionOptions.NONE, NodeMessage.UNKNOWN));
        } catch (CelException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
