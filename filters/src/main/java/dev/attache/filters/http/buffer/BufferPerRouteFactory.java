package dev.attache.filters.http.buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;

/** Settings of a route. */
public final class BufferPerRouteFactory implements ExtensionCompiler<BufferPerRoute, Object> {
    @Override
    public BufferPerRoute prototype() {
        return BufferPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(BufferPerRoute proto, CompileContext context) {
        return context.result(
                proto.hasBuffer()
                        ? BufferFilterFactory.settings(proto.getBuffer())
                        : new BufferSettings(proto.getDisabled(), 0));
    }
}
