package dev.attache.filters.transport_sockets.raw_buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.transport.RawServerTransportSpec;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;

/** Raw buffer on the accepting side. */
public final class RawBufferDownstreamFactory
        implements ExtensionCompiler<RawBuffer, RawServerTransportSpec> {
    @Override
    public RawBuffer prototype() {
        return RawBuffer.getDefaultInstance();
    }

    @Override
    public Compiled<RawServerTransportSpec> compile(RawBuffer proto, CompileContext context) {
        return context.result(new RawServerTransportSpec());
    }
}
