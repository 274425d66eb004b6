package dev.attache.filters.http.fault;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;

/** Fault injection with the settings of the filter. */
public final class FaultFilterFactory implements ExtensionCompiler<HTTPFault, HttpFilterSpec> {
    @Override
    public HTTPFault prototype() {
        return HTTPFault.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(HTTPFault proto, CompileContext context) {
        return context.result(new FaultFilterSpec(FaultSettingsFactory.settings(proto, context)));
    }
}
