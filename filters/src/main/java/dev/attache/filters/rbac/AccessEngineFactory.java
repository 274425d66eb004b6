package dev.attache.filters.rbac;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
        return new Policy(
                new Combination.All(
                        List.of(
                                PermissionFactory.either(
                                        policy.getPermissionsList(), "permissions", context),
                                PrincipalFactory.either(
                                        policy.getPrincipalsList(), "principals", context))),
                verdict);
    }
}
