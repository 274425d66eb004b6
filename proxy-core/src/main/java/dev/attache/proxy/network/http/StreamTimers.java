package dev.attache.proxy.network.http;

import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.worker.ScaledTimer;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one stream. Idle time is noted, not re-armed, at every byte: the timer looks back
 * when it fires. Loop-confined.
 */
final class StreamTimers {

    /** What has run out. */
    enum Expiry {
        IDLE,
        REQUEST,
        REQUEST_HEADERS,
        MAX_DURATION
    }

    /** Told once per expiry. */
    interface Listener {
        void onExpiry(Expiry what);

        /** {@code access_log_flush_interval} has passed once more. */
        void onLogInterval();
    }

    private static final int GRPC_DEADLINE_EXCEEDED = 4;

    private final WorkerContext worker;
    private final Listener listener;
    private @Nullable ScaledTimer idle;
    private @Nullable Timer request;
    private @Nullable Timer headers;
    private @Nullable Timer maxDuration;
    private @Nullable Timer log;
    private long idleMillis;
    private long lastActivity;

    StreamTimers(WorkerContext worker, Listener listener) {
        this.worker = worker;
        this.listener = listener;
    }

    static Count counterOf(Expiry what) {
        return switch (what) {
            case IDLE -> Count.DOWNSTREAM_RQ_IDLE_TIMEOUT;
            case REQUEST -> Count.DOWNSTREAM_RQ_TIMEOUT;
            case REQUEST_HEADERS -> Count.DOWNSTREAM_RQ_HEADER_TIMEOUT;
            case MAX_DURATION -> Count.DOWNSTREAM_RQ_MAX_DURATION_REACHED;
        };
    }

    /**
     * @param waiting the request is whole and the response has not begun: the upstream is late, not
     *     the client
     */
    static LocalReply reply(Expiry what, boolean waiting) {
        int status = waiting ? 504 : 408;
        return switch (what) {
            case IDLE -> LocalReply.of(status, "stream timeout", "stream_idle_timeout");
            case REQUEST -> LocalReply.of(status, "request timeout", "request_overall_timeout");
            case REQUEST_HEADERS ->
                    LocalReply.of(status, "request header timeout", "request_header_timeout");
            case MAX_DURATION ->
                    new LocalReply(
                            status,
                            "downstream duration timeout",
                            "max_duration_timeout",
                            List.of(),
                            GRPC_DEADLINE_EXCEEDED);
        };
    }

    /**
     * Those of the connection manager; a route may have others.
     *
     * @param now monotonic nanoseconds
     */
    void begin(HttpConnectionManagerSpec.Timeouts timeouts, long now) {
        idleTimeout(timeouts.streamIdle(), now);
        headersTimeout(timeouts.requestHeaders());
        requestTimeout(timeouts.request());
        maxDuration(timeouts.maxStreamDuration());
    }

    void idleTimeout(long millis) {
        idleTimeout(millis, worker.nanoTime());
    }

    private void idleTimeout(long millis, long now) {
        idleMillis = millis;
        lastActivity = now;
        if (millis == 0) {
            cancel(idle);
            return;
        }
        if (idle == null) {
            idle =
                    new ScaledTimer(worker, ScaledTimeout.HTTP_DOWNSTREAM_STREAM_IDLE) {
                        @Override
                        protected void expire() {
                            onIdle();
                        }
                    };
        }
        idle.armAt(now, millis);
    }

    void activity() {
        activity(worker.nanoTime());
    }

    /** Something has passed, in either direction. */
    void activity(long now) {
        lastActivity = now;
    }

    private void onIdle() {
        long quiet = (worker.nanoTime() - lastActivity) / 1_000_000;
        long granted =
                worker.overload().scaled(ScaledTimeout.HTTP_DOWNSTREAM_STREAM_IDLE, idleMillis);
        if (quiet >= granted || idle == null) {
            listener.onExpiry(Expiry.IDLE);
        } else {
            idle.arm(idleMillis, quiet);
        }
    }

    void requestTimeout(long millis) {
        request = arm(Expiry.REQUEST, millis);
    }

    void requestComplete() {
        cancel(request);
    }

    void headersTimeout(long millis) {
        headers = arm(Expiry.REQUEST_HEADERS, millis);
    }

    void headersComplete() {
        cancel(headers);
    }

    void maxDuration(long millis) {
        cancel(maxDuration);
        maxDuration = arm(Expiry.MAX_DURATION, millis);
    }

    /**
     * @param millis 0 = never
     */
    void logInterval(long millis) {
        if (millis <= 0) {
            return;
        }
        Timer timer =
                new Timer() {
                    @Override
                    protected void expire() {
                        worker.timers().schedule(this, millis);
                        listener.onLogInterval();
                    }
                };
        log = timer;
        worker.timers().schedule(timer, millis);
    }

    private @Nullable Timer arm(Expiry what, long millis) {
        if (millis <= 0) {
            return null;
        }
        Timer timer =
                new Timer() {
                    @Override
                    protected void expire() {
                        listener.onExpiry(what);
                    }
                };
        worker.timers().schedule(timer, millis);
        return timer;
    }

    void cancelAll() {
        cancel(idle);
        cancel(request);
        cancel(headers);
        cancel(maxDuration);
        cancel(log);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
