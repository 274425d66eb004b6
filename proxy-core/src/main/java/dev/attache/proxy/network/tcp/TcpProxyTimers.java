package dev.attache.proxy.network.tcp;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.Timers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines and log entries of one proxied connection. Activity costs one store: the idle timer
 * looks at it only when it fires. Loop-confined.
 */
final class TcpProxyTimers {

    private final TcpProxy proxy;
    private final TcpProxySpec spec;
    private final List<AccessLog> accessLogs;
    private final Connection downstream;
    private final FilterFaults faults;
    private final Timers timers;

    /** Decades: what is beyond no clock counts to. */
    private static final long LONGEST_IDLE_MILLIS = 1L << 40;

    private @Nullable Timer idle;
    private long idleMillis;
    private @Nullable Timer duration;
    private @Nullable Timer flush;
    private @Nullable Timer retry;
    private long lastActivity;

    TcpProxyTimers(
            TcpProxy proxy, TcpProxyFactory factory, Connection downstream, FilterFaults faults) {
        this.proxy = proxy;
        this.spec = factory.spec();
        this.accessLogs = factory.accessLogs();
        this.downstream = downstream;
        this.faults = faults;
        this.timers = downstream.worker().timers();
    }

    void startConnectionTimers() {
        startIdle();
        if (spec.maxDownstreamConnectionDuration().millis() > 0) {
            duration =
                    new Timer() {
                        @Override
                        protected void expire() {
                            proxy.onMaxDuration();
                        }
                    };
            timers.schedule(
                    duration, spec.maxDownstreamConnectionDuration().draw(downstream.worker()));
        }
        if (spec.accessLogFlushIntervalMillis() > 0 && !accessLogs.isEmpty()) {
            flush =
                    new Timer() {
                        @Override
                        protected void expire() {
                            log(proxy.stream(), AccessLogType.TcpPeriodic);
                            timers.schedule(this, spec.accessLogFlushIntervalMillis());
                        }
                    };
            timers.schedule(flush, spec.accessLogFlushIntervalMillis());
        }
    }

    private void startIdle() {
        idleMillis = idleTimeout();
        if (idleMillis > 0) {
            lastActivity = downstream.worker().nanoTime();
            idle =
                    new Timer() {
                        @Override
                        protected void expire() {
                            checkIdle(this);
                        }
                    };
            timers.schedule(idle, idleMillis);
        }
    }

    /** A filter may have said another one for this connection. */
    private long idleTimeout() {
        return downstream.info().filterState().get(TcpProxySpec.IDLE_TIMEOUT_KEY)
                        instanceof StateValue.LongNumber(long millis)
                ? Math.min(millis & Long.MAX_VALUE, LONGEST_IDLE_MILLIS)
                : spec.idleTimeoutMillis();
    }

    /** Another attempt to connect, after a while. */
    void retryIn(long millis) {
        Timer timer = retry;
        if (timer == null) {
            timer =
                    new Timer() {
                        @Override
                        protected void expire() {
                            proxy.onRetry();
                        }
                    };
            retry = timer;
        }
        timers.schedule(timer, millis);
    }

    long idleMillis() {
        return idleMillis;
    }

    private void checkIdle(Timer timer) {
        long now = downstream.worker().nanoTime();
        long left = idleMillis - (now - lastActivity) / 1_000_000;
        if (left > 0) {
            timers.schedule(timer, left);
        } else {
            proxy.onIdle();
        }
    }

    void touch() {
        if (idle != null) {
            lastActivity = downstream.worker().nanoTime();
        }
    }

    /** The connection is over: writes the last log entry. */
    void finish(StreamInfo stream) {
        cancel(idle);
        cancel(duration);
        cancel(flush);
        cancel(retry);
        stream.endNanos = downstream.worker().nanoTime();
        log(stream, AccessLogType.TcpConnectionEnd);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Takes over what the connection has counted so far. */
    void count(StreamInfo stream) {
        stream.bytesSent = downstream.bytesSent();
    }

    void log(StreamInfo stream, AccessLogType type) {
        if (accessLogs.isEmpty()) {
            return;
        }
        count(stream);
        FormatContext entry = new FormatContext(stream, null, null, null, "", type);
        AccessLogs.write(accessLogs, entry, faults.atEndOf(downstream.info()));
    }
}
