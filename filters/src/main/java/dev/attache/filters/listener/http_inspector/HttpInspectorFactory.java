package dev.attache.filters.listener.http_inspector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.listener.filter.HttpInspectorSpec;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;

/** HTTP inspector. */
public final class HttpInspectorFactory
        implements ExtensionFactory<HttpInspector, HttpInspectorSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.LISTENER_FILTER, HttpInspector.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.listener.http_inspector";
    }

    @Override
    public Class<HttpInspector> protoType() {
        return HttpInspector.class;
    }

    @Override
    public HttpInspector prototype() {
        return HttpInspector.getDefaultInstance();
    }

    @Override
    public Compiled<HttpInspectorSpec> compile(HttpInspector proto, CompileContext context) {
        return context.result(new HttpInspectorSpec());
    }
}
