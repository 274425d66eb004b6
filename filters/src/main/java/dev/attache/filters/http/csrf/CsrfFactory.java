package dev.attache.filters.http.csrf;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy;

/** The filter in the chain, with a policy of its own. */
public final class CsrfFactory implements ExtensionCompiler<CsrfPolicy, HttpFilterSpec> {
    @Override
    public CsrfPolicy prototype() {
        return CsrfPolicy.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(CsrfPolicy proto, CompileContext context) {
        return context.result(new CsrfFilterSpec(CsrfPolicyFactory.policy(proto, context)));
    }
}
