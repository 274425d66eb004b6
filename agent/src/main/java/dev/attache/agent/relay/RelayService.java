package dev.attache.agent.relay;

import dev.attache.agent.metrics.AgentMetrics;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envoy's aggregated discovery service, by handing each stream to the control plane: one stream
 * there for one here, no attempt of its own beyond that, so that the proxy's back-off counts. A
 * second stream ends the first. Serve it on threads of the server's, not on the callers'. Any
 * thread.
 */
public final class RelayService implements BindableService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent.xdsproxy");

    private final Upstream upstream;
    private final RelaySettings settings;
    private final RelayMetrics metrics;
    private final ScheduledThreadPoolExecutor timers = timers();
    private final AtomicLong streams = new AtomicLong();
    private final HealthReports health = new HealthReports(this::tell);
    private @Nullable RelayStream current;
    private boolean closed;

    public RelayService(Upstream upstream, RelaySettings settings, AgentMetrics metrics) {
        this.upstream = upstream;
        this.settings = settings;
        this.metrics = new RelayMetrics(metrics);
    }

    private static ScheduledThreadPoolExecutor timers() {
        ScheduledThreadPoolExecutor timers =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("xds-relay-timer").factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    /** Takes reports of the workload's health. */
    public HealthReports health() {
        return health;
    }

    /** Whether there is a stream that has reached the control plane. */
    public boolean connected() {
        RelayStream stream = current();
        return stream != null && stream.connected();
    }

    /** What to tell an operator of connections and pushes. */
    public RelayState state() {
        return metrics.state();
    }

    private synchronized @Nullable RelayStream current() {
        return current;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(Dialect.SERVICE)
                .addMethod(Dialect.SOTW.method(), handler(Dialect.SOTW))
                .addMethod(Dialect.DELTA.method(), handler(Dialect.DELTA))
                .build();
    }

    private ServerCallHandler<byte[], byte[]> handler(Dialect dialect) {
        return (call, headers) -> accept(dialect, call);
    }

    private ServerCall.Listener<byte[]> accept(Dialect dialect, ServerCall<byte[], byte[]> call) {
        RelayStream stream =
                new RelayStream(
                        streams.incrementAndGet(), dialect, call, settings, metrics, health);
        RelayStream previous;
        synchronized (this) {
            if (closed) {
                call.close(Status.UNAVAILABLE.withDescription("the agent ends"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            previous = current;
            current = stream;
        }
        if (previous != null) {
            LOG.warn("registered overlapping stream; closing previous");
            previous.end(Status.OK);
        }
        return stream.open(upstream, timers, () -> forget(stream));
    }

    private synchronized void forget(RelayStream stream) {
        if (current == stream) {
            current = null;
        }
    }

    private void tell(Health report) {
        RelayStream stream = current();
        if (stream != null) {
            stream.report(report);
        }
    }

    /** Ends the stream there is, and takes no other: the agent ends. */
    @Override
    public void close() {
        RelayStream stream;
        synchronized (this) {
            closed = true;
            stream = current;
        }
        if (stream != null) {
            stream.end(Status.UNAVAILABLE.withDescription("the agent ends"));
        }
        timers.shutdownNow();
    }
}
