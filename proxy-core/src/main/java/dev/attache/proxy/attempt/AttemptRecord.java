package dev.attache.proxy.attempt;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what becomes of one attempt: the host, the connection, times and octets, as access
 * logs show them. Moments are what the worker's clock says. Owned by the attempt; loop-confined.
 */
public final class AttemptRecord {
    private final WorkerContext worker;
    private final Host host;
    private final UpstreamInfo info;
    private boolean reachedHost = true;
    private boolean sentAll;

    /**
     * @param info of the request, for this attempt and those after it
     */
    public AttemptRecord(WorkerContext worker, Host host, UpstreamInfo info) {
        this.worker = worker;
        this.host = host;
        this.info = info;
    }

    /** Envoy's flag for an attempt that ends so. */
    public static ResponseFlag flag(ResetReason why) {
        return switch (why) {
            case LOCAL_CONNECTION_FAILURE, REMOTE_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
                    ResponseFlag.UF;
            case CONNECTION_TERMINATION, HTTP1_PREMATURE_UPSTREAM_HALF_CLOSE -> ResponseFlag.UC;
            case LOCAL_RESET, LOCAL_REFUSED_STREAM_RESET -> ResponseFlag.LR;
            case OVERFLOW -> ResponseFlag.UO;
            case REMOTE_RESET, REMOTE_RESET_NO_ERROR, REMOTE_REFUSED_STREAM_RESET, CONNECT_ERROR ->
                    ResponseFlag.UR;
            case PROTOCOL_ERROR -> ResponseFlag.UPE;
            case OVERLOAD_MANAGER -> ResponseFlag.OM;
        };
    }

    /** False where the attempt ended before it came to a host. */
    public boolean reachedHost() {
        return reachedHost;
    }

    /** The host is what logs show from now on. */
    public void choseHost() {
        host.describe(info);
    }

    /** The pool has given a stream. */
    public void opened(HttpStream stream, Connection upstream, long now) {
        choseHost();
        host.monitor().onLocalEvent(worker.index(), LocalEvent.CONNECT_SUCCESS);
        info.connected(upstream.info(), now);
        info.protocol = stream.connection().protocol().text();
    }

    /** The pool has none to give. */
    public void refused(PoolFailure why, @Nullable String transportFailure) {
        reachedHost = why != PoolFailure.QUEUE_OVERFLOW;
        if (reachedHost) {
            choseHost();
        }
        info.transportFailureReason = transportFailure;
        info.poolReadyNanos = worker.nanoTime(); // the pool has answered, as Envoy counts
    }

    /** The request's head goes out, and what follows in the same step. */
    public void sendingBegins(long now) {
        info.firstTxNanos = now;
    }

    /** The request has gone out as a whole. */
    public void sentAll(long now) {
        sentAll = true;
        info.lastTxNanos = now;
    }

    /** Some of the request has gone out. */
    public void sent(boolean end) {
        if (end) {
            sentAll(worker.nanoTime());
        }
    }

    /** Whether the request has gone out as a whole. */
    public boolean sentAll() {
        return sentAll;
    }

    /** The response's head is there. */
    public void answered(long now) {
        info.firstRxNanos = now;
    }

    /** A piece of the response's body is there. */
    public void bodyCame(long now) {
        if (info.firstBodyRxNanos < 0) {
            info.firstBodyRxNanos = now;
        }
    }

    /** The response is whole. */
    public void completed(long now) {
        info.lastRxNanos = now;
    }

    /** Nothing more goes either way. */
    public void closed(HttpStream stream) {
        info.wireBytesSent += stream.wireBytesSent();
        info.wireBytesReceived += stream.wireBytesReceived();
        info.headerBytesSent += stream.headerBytesSent();
        info.headerBytesReceived += stream.headerBytesReceived();
    }
}
