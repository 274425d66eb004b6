package dev.attache.filters.authorization;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.matching.Regex;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutationRules;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import org.jspecify.annotations.Nullable;

/** Compiles {@link MutationRules}. */
public final class MutationRulesFactory {
    private MutationRulesFactory() {}

    public static MutationRules compile(HeaderMutationRules rules, CompileContext context) {
        return new MutationRules(
                rules.getAllowAllRouting().getValue(),
                rules.getAllowEnvoy().getValue(),
                rules.getDisallowSystem().getValue(),
                rules.getDisallowAll().getValue(),
                regex(
                        rules.hasAllowExpression(),
                        rules.getAllowExpression(),
                        context.at("allow_expression")),
                regex(
                        rules.hasDisallowExpression(),
                        rules.getDisallowExpression(),
                        context.at("disallow_expression")),
                rules.getDisallowIsError().getValue());
    }

    private static @Nullable Regex regex(
            boolean present, RegexMatcher matcher, CompileContext context) {
        return present ? StringMatchers.regex(matcher, context) : null;
    }
}
