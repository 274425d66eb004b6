package dev.attache.filters.http.cors;

import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.runtime.Fraction;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;

/** A policy in {@code typed_per_filter_config}. */
public final class CorsPolicyFactory implements ExtensionCompiler<CorsPolicy, Object> {
    @Override
    public CorsPolicy prototype() {
        return CorsPolicy.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(CorsPolicy proto, CompileContext context) {
        return context.result(policy(proto, context));
    }

    static CorsPolicySpec policy(CorsPolicy proto, CompileContext context) {
        return new CorsPolicySpec(
                StringMatchers.compile(
                        proto.getAllowOriginStringMatchList(),
                        "allow_origin_string_match",
                        context),
                proto.getAllowMethods(),
                proto.getAllowHeaders(),
                proto.getExposeHeaders(),
                proto.getMaxAge(),
                proto.hasAllowCredentials() ? proto.getAllowCredentials().getValue() : null,
                proto.hasAllowPrivateNetworkAccess()
                        ? proto.getAllowPrivateNetworkAccess().getValue()
                        : null,
                proto.hasForwardNotMatchingPreflights()
                        ? proto.getForwardNotMatchingPreflights().getValue()
                        : null,
                proto.hasFilterEnabled()
                        ? Fractions.compile(proto.getFilterEnabled(), context.at("filter_enabled"))
                        : Fraction.ALWAYS,
                proto.hasShadowEnabled()
                        ? Fractions.compile(proto.getShadowEnabled(), context.at("shadow_enabled"))
                        : Fraction.NEVER);
    }
}
