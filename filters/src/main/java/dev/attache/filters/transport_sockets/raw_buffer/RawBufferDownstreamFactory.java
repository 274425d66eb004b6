package dev.attache.filters.transport_sockets.raw_buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.transport.RawServerTransportSpec;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;

/** Raw buffer on the accepting side. */
public final class RawBufferDownstreamFactory
        implements ExtensionFactory<RawBuffer, RawServerTransportSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(
                ExtensionCategory.DOWNSTREAM_TRANSPORT_SOCKET, RawBuffer.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.transport_sockets.raw_buffer";
    }

    @Override
    public Class<RawBuffer> protoType() {
        return RawBuffer.class;
    }

    @Override
    public RawBuffer prototype() {
        return RawBuffer.getDefaultInstance();
    }

    @Override
    public Compiled<RawServerTransportSpec> compile(RawBuffer proto, CompileContext context) {
        return context.result(new RawServerTransportSpec());
    }
}
