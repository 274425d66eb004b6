package dev.attache.filters.network.direct_response;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What is answered. Immutable: the buffer is read-only and never released. */
public final class DirectResponseSpec implements NetworkFilterSpec {

    private final ByteBuf response;

    DirectResponseSpec(byte[] response) {
        this.response =
                Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer(response.length).writeBytes(response).asReadOnly());
    }

    ByteBuf response() {
        return response.duplicate();
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return connection -> new DirectResponseFilter(this, connection);
    }
}
