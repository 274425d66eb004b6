package dev.attache.filters.http.rbac;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessEngineFactory;
import dev.attache.filters.rbac.MatcherEngineFactory;
import dev.attache.filters.rbac.Verdict.Mode;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.filters.http.rbac}. */
public final class RbacFactory implements ExtensionCompiler<RBAC, HttpFilterSpec> {
    @Override
    public RBAC prototype() {
        return RBAC.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(RBAC proto, CompileContext context) {
        return context.result(
                new RbacSpec(
                        settings(proto, context),
                        proto.getRulesStatPrefix(),
                        proto.getShadowRulesStatPrefix()));
    }

    static RbacSettings settings(RBAC proto, CompileContext context) {
        return new RbacSettings(
                enforced(proto, context), shadow(proto, context), proto.getTrackPerRuleStats());
    }

    /** Rules beside a matcher are passed over. */
    private static @Nullable AccessEngine enforced(RBAC proto, CompileContext context) {
        String prefix = proto.getRulesStatPrefix();
        if (proto.hasMatcher()) {
            return MatcherEngineFactory.ofRequests(
                    proto.getMatcher(), Mode.ENFORCED, prefix, context.at("matcher"));
        }
        return proto.hasRules()
                ? AccessEngineFactory.rules(
                        proto.getRules(), Mode.ENFORCED, prefix, context.at("rules"))
                : null;
    }

    private static @Nullable AccessEngine shadow(RBAC proto, CompileContext context) {
        String prefix = proto.getShadowRulesStatPrefix();
        if (proto.hasShadowMatcher()) {
            return MatcherEngineFactory.ofRequests(
                    proto.getShadowMatcher(), Mode.SHADOW, prefix, context.at("shadow_matcher"));
        }
        return proto.hasShadowRules()
                ? AccessEngineFactory.rules(
                        proto.getShadowRules(), Mode.SHADOW, prefix, context.at("shadow_rules"))
                : null;
    }
}
