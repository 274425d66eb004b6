package dev.attache.proxy.engine;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Terminal filter for tests: greets with its name, echoes, and remembers what it saw and how many
 * bytes it heard.
 */
record EchoSpec(String greeting, Queue<ConnectionInfo> seen, AtomicLong heard)
        implements NetworkFilterSpec {

    EchoSpec(String greeting) {
        this(greeting, new ConcurrentLinkedQueue<>(), new AtomicLong());
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return connection -> new Echo(connection, this);
    }

    private static final class Echo implements NetworkFilter.Terminal {
        private final Connection connection;
        private final EchoSpec spec;

        Echo(Connection connection, EchoSpec spec) {
            this.connection = connection;
            this.spec = spec;
        }

        @Override
        public void onConnected() {
            spec.seen.add(connection.info());
            ByteBuf hello = connection.worker().allocator().buffer();
            hello.writeBytes(
                    (spec.greeting + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            connection.write(hello);
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            spec.heard.addAndGet(data.readableBytes());
            connection.write(data);
            if (end) {
                connection.close(CloseType.FLUSH_WRITE, null);
            }
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            // Nothing is held.
        }
    }
}
