package dev.attache.filters.http.fault;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;

/** Fault injection with the settings of the filter. */
public final class FaultFilterFactory implements ExtensionFactory<HTTPFault, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, HTTPFault.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.fault";
    }

    @Override
    public Class<HTTPFault> protoType() {
        return HTTPFault.class;
    }

    @Override
    public HTTPFault prototype() {
        return HTTPFault.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(HTTPFault proto, CompileContext context) {
        return context.result(new FaultFilterSpec(FaultSettingsFactory.settings(proto, context)));
    }
}
