package dev.attache.filters.listener.http_inspector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.filter.HttpInspectorSpec;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;

/** HTTP inspector. */
public final class HttpInspectorFactory
        implements ExtensionCompiler<HttpInspector, HttpInspectorSpec> {
    @Override
    public HttpInspector prototype() {
        return HttpInspector.getDefaultInstance();
    }

    @Override
    public Compiled<HttpInspectorSpec> compile(HttpInspector proto, CompileContext context) {
        return context.result(new HttpInspectorSpec());
    }
}
