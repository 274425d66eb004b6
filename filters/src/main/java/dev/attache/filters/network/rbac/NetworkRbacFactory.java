package dev.attache.filters.network.rbac;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessEngineFactory;
import dev.attache.filters.rbac.MatcherEngineFactory;
import dev.attache.filters.rbac.Verdict.Mode;
import dev.attache.proxy.network.NetworkFilterSpec;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.filters.network.rbac}. */
public final class NetworkRbacFactory implements ExtensionCompiler<RBAC, NetworkFilterSpec> {
    @Override
    public RBAC prototype() {
        return RBAC.getDefaultInstance();
    }

    @Override
    public Compiled<NetworkFilterSpec> compile(RBAC proto, CompileContext context) {
        HeaderRulesFactory.refuse(proto.getRules(), context.at("rules"));
        HeaderRulesFactory.refuse(proto.getShadowRules(), context.at("shadow_rules"));
        return context.result(
                new NetworkRbacSpec(
                        proto.getStatPrefix(),
                        proto.getShadowRulesStatPrefix(),
                        enforced(proto, context),
                        shadow(proto, context),
                        proto.getEnforcementType() == RBAC.EnforcementType.CONTINUOUS,
                        Durations.millis(
                                proto.hasDelayDeny(),
                                proto.getDelayDeny(),
                                0,
                                context.at("delay_deny"))));
    }

    /** Rules beside a matcher are passed over. */
    private static @Nullable AccessEngine enforced(RBAC proto, CompileContext context) {
        if (proto.hasMatcher()) {
            return MatcherEngineFactory.ofConnections(
                    proto.getMatcher(), Mode.ENFORCED, "", context.at("matcher"));
        }
        return proto.hasRules()
                ? AccessEngineFactory.rules(
                        proto.getRules(), Mode.ENFORCED, "", context.at("rules"))
                : null;
    }

    private static @Nullable AccessEngine shadow(RBAC proto, CompileContext context) {
        String prefix = proto.getShadowRulesStatPrefix();
        if (proto.hasShadowMatcher()) {
            return MatcherEngineFactory.ofConnections(
                    proto.getShadowMatcher(), Mode.SHADOW, prefix, context.at("shadow_matcher"));
        }
        return proto.hasShadowRules()
                ? AccessEngineFactory.rules(
                        proto.getShadowRules(), Mode.SHADOW, prefix, context.at("shadow_rules"))
                : null;
    }
}
