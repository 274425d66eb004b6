package dev.attache.filters.network.direct_response;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;

/** Answers and closes. Loop-confined. */
final class DirectResponseFilter implements NetworkFilter.Terminal {

    private final DirectResponseSpec spec;
    private final Connection connection;
    private final StreamInfo stream;

    DirectResponseFilter(DirectResponseSpec spec, Connection connection) {
        this.spec = spec;
        this.connection = connection;
        this.stream =
                new StreamInfo(
                        connection.info(),
                        connection.info().startTimeMillis(),
                        connection.info().startNanos());
    }

    @Override
    public void onNewConnection() {
        stream.responseCodeDetails("direct_response");
        connection.write(spec.response());
        connection.close(CloseType.FLUSH_WRITE, null);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public StreamInfo stream() {
        return stream;
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        // Nothing is held.
    }
}
