package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;

/**
 * {@code connection_keepalive}: pings at an interval, and when a stream opens on a connection that
 * has been idle; gives up when neither the answer nor any other frame comes in time.
 */
final class Keepalive {

    private final Http2Codec codec;
    private final WorkerContext worker;
    private final Http2Options options;
    private final Timer interval =
            new Timer() {
                @Override
                protected void expire() {
                    ping();
                }
            };
    private final Timer timeout =
            new Timer() {
                @Override
                protected void expire() {
                    codec.onKeepaliveTimeout();
                }
            };
    private long lastFrameNanos;
    private long sequence;

    Keepalive(Http2Codec codec, WorkerContext worker, Http2Options options) {
        this.codec = codec;
        this.worker = worker;
        this.options = options;
        this.lastFrameNanos = worker.nanoTime();
    }

    void start() {
        arm();
    }

    private void arm() {
        long every = options.keepaliveIntervalMillis();
        if (every > 0) {
            long jitter = every * options.keepaliveJitterPercent() / 100;
            long extra = jitter == 0 ? 0 : Long.remainderUnsigned(worker.random(), jitter);
            worker.timers().schedule(interval, every + extra);
        }
    }

    private void ping() {
        if (!timeout.armed() && options.keepaliveTimeoutMillis() > 0) {
            worker.timers().schedule(timeout, options.keepaliveTimeoutMillis());
        }
        codec.writer().ping(false, ++sequence);
        codec.afterWrite();
    }

    /** A stream opens: is the connection still there? */
    void onStream() {
        long idleMillis = options.keepaliveIdleIntervalMillis();
        if (idleMillis > 0
                && !timeout.armed()
                && worker.nanoTime() - lastFrameNanos > idleMillis * 1_000_000) {
            ping();
        }
    }

    /** Any frame is a sign of life: it moves the deadline of an unanswered ping. */
    void onFrame() {
        lastFrameNanos = worker.nanoTime();
        if (timeout.armed()) {
            worker.timers().schedule(timeout, options.keepaliveTimeoutMillis());
        }
    }

    void onAck() {
        timeout.cancel();
        if (!interval.armed()) {
            arm();
        }
    }

    void stop() {
        interval.cancel();
        timeout.cancel();
    }
}
