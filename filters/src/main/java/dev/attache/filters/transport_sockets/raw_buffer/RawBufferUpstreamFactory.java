package dev.attache.filters.transport_sockets.raw_buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.transport.RawClientTransportSpec;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;

/** Raw buffer on the dialling side. */
public final class RawBufferUpstreamFactory
        implements ExtensionCompiler<RawBuffer, RawClientTransportSpec> {
    @Override
    public RawBuffer prototype() {
        return RawBuffer.getDefaultInstance();
    }

    @Override
    public Compiled<RawClientTransportSpec> compile(RawBuffer proto, CompileContext context) {
        return context.result(new RawClientTransportSpec());
    }
}
