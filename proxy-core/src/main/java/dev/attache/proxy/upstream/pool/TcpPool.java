package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * TCP connections of one worker to one host. A connection is given away for good; the pool keeps
 * watching it only to count it. What preconnect opened ahead waits here.
 */
final class TcpPool extends ConnectionPool {

    TcpPool(HostPools owner, PoolKey key, TransportOptions dialOptions) {
        super(owner, key, dialOptions);
    }

    Cancellable newConnection(ConnectionWaiter waiter) {
        PooledConnection connection = firstReady();
        if (connection == null) {
            return enqueue(new PendingStream(this, null, null, waiter));
        }
        if (!mayAttach()) {
            waiter.onFailure(PoolFailure.OVERFLOW, null, host());
            return Cancellable.DONE;
        }
        book(connection);
        ((TcpConnection) connection).give(waiter);
        openConnections();
        return Cancellable.DONE;
    }

    @Override
    PooledConnection newConnection() {
        return new TcpConnection();
    }

    private final class TcpConnection extends PooledConnection implements ConnectionHandler {

        private boolean given;

        TcpConnection() {
            // Given away at most once.
            super(TcpPool.this, 1, 0);
        }

        @Override
        void adopt(Connection established) {
            established.handler(this);
            // The one event that comes whoever has become the handler.
            established.channel().closeFuture().addListener(closed -> gone(established));
        }

        private void gone(Connection established) {
            // The channel closes before the connection says so: not open means that we closed it.
            ended(!established.isOpen() || established.endedLast());
            if (given) {
                onStreamEnd(this, false);
            }
        }

        void give(ConnectionWaiter waiter) {
            Connection established = connection();
            if (established == null) {
                throw new IllegalStateException("connection given before it is there");
            }
            given = true;
            waiter.onConnection(established, host());
        }

        @Override
        void attach(PendingStream pending) {
            @Nullable ConnectionWaiter waiter = pending.connection;
            if (waiter == null) {
                throw new IllegalStateException("not a TCP waiter");
            }
            give(waiter);
        }

        @Override
        boolean hasIncompleteStreams() {
            return given;
        }

        @Override
        long idleTimeoutMillis() {
            return context().spec().tcpIdleTimeoutMillis();
        }

        @Override
        long maxDurationMillis() {
            return 0;
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            // A server that speaks before anybody has been given the connection: nobody to tell.
            data.release();
            close();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            ended(event == ConnectionEvent.LOCAL_CLOSE);
        }
    }
}
