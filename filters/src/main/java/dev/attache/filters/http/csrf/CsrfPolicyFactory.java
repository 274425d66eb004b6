package dev.attache.filters.http.csrf;

import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.runtime.Fraction;
import io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy;

/** A policy in {@code typed_per_filter_config}, and the compiler of both places. */
public final class CsrfPolicyFactory implements ExtensionCompiler<CsrfPolicy, Object> {
    @Override
    public CsrfPolicy prototype() {
        return CsrfPolicy.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(CsrfPolicy proto, CompileContext context) {
        return context.result(policy(proto, context));
    }

    static CsrfPolicySpec policy(CsrfPolicy proto, CompileContext context) {
        return new CsrfPolicySpec(
                Fractions.compile(proto.getFilterEnabled(), context.at("filter_enabled")),
                proto.hasShadowEnabled()
                        ? Fractions.compile(proto.getShadowEnabled(), context.at("shadow_enabled"))
                        : Fraction.NEVER,
                StringMatchers.compile(
                        proto.getAdditionalOriginsList(), "additional_origins", context));
    }
}
