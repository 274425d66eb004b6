package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.upstream.dial.Cancellable;
import org.jspecify.annotations.Nullable;

/** One place in a pool's queue. Made only where no connection is ready at once. */
final class PendingStream implements Cancellable {

    final ConnectionPool pool;
    final @Nullable StreamWaiter stream;
    final @Nullable HttpSink response;
    final @Nullable ConnectionWaiter connection;
    @Nullable PendingStream next;
    @Nullable PendingStream previous;

    /** In the queue, or in the list that is being failed. */
    boolean queued;

    PendingStream(
            ConnectionPool pool,
            @Nullable StreamWaiter stream,
            @Nullable HttpSink response,
            @Nullable ConnectionWaiter connection) {
        this.pool = pool;
        this.stream = stream;
        this.response = response;
        this.connection = connection;
    }

    @Override
    public void cancel() {
        if (queued) {
            pool.onCancelled(this);
        }
    }

    void fail(PoolFailure why, @Nullable String transportFailureReason) {
        if (stream != null) {
            stream.onFailure(why, transportFailureReason, pool.host());
        } else if (connection != null) {
            connection.onFailure(why, transportFailureReason, pool.host());
        }
    }
}
