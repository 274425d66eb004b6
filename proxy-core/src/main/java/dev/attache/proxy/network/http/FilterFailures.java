package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.worker.WorkerContext;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said of filters that threw an exception, on one worker: each is counted in {@code
 * http.<stat_prefix>.downstream_rq_filter_exception} (a name of our own, listed from the first
 * exception on), one a second is logged with its stack. Loop-confined.
 */
final class FilterFailures {
    private static final Logger LOG = LoggerFactory.getLogger("filter");
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Scope scope;
    private final WorkerContext worker;
    private long logged;
    private boolean anyLogged;
    private long unlogged;

    /**
     * @param scope {@code http.<stat_prefix>.}
     */
    FilterFailures(Scope scope, WorkerContext worker) {
        this.scope = scope;
        this.worker = worker;
    }

    void record(
            Connection connection,
            StreamInfo stream,
            String filter,
            String callback,
            Throwable why) {
        scope.counter("downstream_rq_filter_exception").cell(worker.index()).inc();
        long now = worker.nanoTime();
        if (anyLogged && now - logged < LOG_INTERVAL_NANOS) {
            unlogged++;
            return;
        }
        LOG.error(
                "[Tags: \"ConnectionId\":\"{}\"] filter '{}' threw in {}; its stream ends, request"
                        + " id '{}' ({} more exceptions of filters since the last line)",
                connection.info().id(),
                filter,
                callback,
                stream.streamId,
                unlogged,
                why);
        anyLogged = true;
        logged = now;
        unlogged = 0;
    }
}
