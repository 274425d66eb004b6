package dev.attache.filters.http.buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;

/** Settings of a route. */
public final class BufferPerRouteFactory implements ExtensionFactory<BufferPerRoute, Object> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(
                ExtensionCategory.HTTP_FILTER_OVERRIDE, BufferPerRoute.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.buffer";
    }

    @Override
    public Class<BufferPerRoute> protoType() {
        return BufferPerRoute.class;
    }

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
