package dev.attache.agent.relay;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of the proxy and the one to the control plane behind it. Of responses there is one on
 * its way: the next is asked for when the proxy can take it. Requests wait here while the control
 * plane takes none, and the proxy is asked for no more than a few of them. Its callers are the
 * threads of both calls, of timers and of reports: state is guarded by this.
 *
 * <p>Longer than most: both directions and their ends share one state and one lock.
 */
final class RelayStream {

    private static final Logger LOG = LoggerFactory.getLogger("agent.xdsproxy");

    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String HEALTH = "type.googleapis.com/istio.v1.HealthInformation";
    private static final String OF_ENVOY = "type.googleapis.com/envoy.";
    private static final String WORKLOAD = "type.googleapis.com/istio.workload.Workload";

    private final long id;
    private final Dialect dialect;
    private final ServerCall<byte[], byte[]> proxy;
    private final RelaySettings settings;
    private final RelayMetrics metrics;
    private final HealthReports health;
    private final WaitingRequests requests = new WaitingRequests();

    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<byte[], byte[]> control;
    private @Nullable ScheduledFuture<?> deadline;
    private Runnable whenEnded = () -> {};
    private Function<Status, String> words = String::valueOf;
    private boolean connected;
    private boolean listenersAsked;
    private boolean headersSent;
    private boolean proxyPaused;
    private boolean controlPaused;
    private boolean ended;

    RelayStream(
            long id,
            Dialect dialect,
            ServerCall<byte[], byte[]> proxy,
            RelaySettings settings,
            RelayMetrics metrics,
            HealthReports health) {
        this.id = id;
        this.dialect = dialect;
        this.proxy = proxy;
        this.settings = settings;
        this.metrics = metrics;
        this.health = health;
    }

    /** Begins the stream to the control plane; what the proxy's stream says goes to the result. */
    ServerCall.Listener<byte[]> open(
            Upstream upstream, ScheduledExecutorService timers, Runnable whenEnded) {
        try {
            synchronized (this) {
                this.whenEnded = whenEnded;
                this.words = upstream::words;
                if (ended) {
                    whenEnded.run();
                } else {
                    connect(upstream, timers);
                }
            }
        } catch (IOException | RejectedExecutionException | IllegalArgumentException e) {
            LOG.error("failed to connect to upstream {}: {}", settings.address(), e.getMessage());
            metrics.notOpened();
            end(Status.UNAVAILABLE.withDescription(e.getMessage()));
        }
        return new FromProxy();
    }

    private void connect(Upstream upstream, ScheduledExecutorService timers) throws IOException {
        ManagedChannel opened = upstream.open();
        channel = opened;
        deadline =
                timers.schedule(
                        this::notConnected,
                        settings.connectTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        ClientCall<byte[], byte[]> call =
                opened.newCall(
                        dialect.method(),
                        CallOptions.DEFAULT.withMaxInboundMessageSize(Integer.MAX_VALUE));
        control = call;
        call.start(new FromControlPlane(), new Metadata());
        call.request(1);
        proxy.request(1);
    }

    synchronized boolean connected() {
        return connected && !ended;
    }

    private void notConnected() {
        synchronized (this) {
            if (connected || ended) {
                return;
            }
        }
        fromControlPlane(
                Status.UNAVAILABLE.withDescription(
                        "no connection to %s within %d ms"
                                .formatted(
                                        settings.address(), settings.connectTimeout().toMillis())));
    }

    /** Hands a report on, if the control plane knows this proxy already. */
    void report(Health report) {
        synchronized (this) {
            if (listenersAsked && !ended) {
                requests.add(dialect.health(HEALTH, report));
                send();
            }
        }
    }

    /** Ends both sides; the proxy's with this status. */
    void end(Status status) {
        ClientCall<byte[], byte[]> call;
        ManagedChannel used;
        Runnable hear;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            requests.clear();
            if (deadline != null) {
                deadline.cancel(false);
            }
            call = control;
            used = channel;
            hear = whenEnded;
            proxy.close(status, new Metadata());
        }
        hear.run();
        if (call != null) {
            call.cancel("the proxy's stream has ended", null);
        }
        if (used != null) {
            used.shutdownNow();
        }
    }

    private void send() {
        ClientCall<byte[], byte[]> call = control;
        while (call != null && !requests.isEmpty() && call.isReady()) {
            byte[] request = requests.remove();
            metrics.request();
            metrics.state().answered(dialect == Dialect.DELTA, request);
            call.sendMessage(request);
        }
        if (proxyPaused && !requests.full()) {
            proxyPaused = false;
            proxy.request(1);
        }
    }

    private synchronized void fromProxy(byte[] request) {
        if (ended) {
            return;
        }
        String type;
        try {
            type = dialect.typeOf(request);
        } catch (IOException e) {
            metrics.endOfProxy(false);
            end(Status.INTERNAL.withDescription("no request: " + e.getMessage()));
            return;
        }
        LOG.debug("request for type url {}", type);
        requests.add(request);
        if (!listenersAsked && type.equals(LISTENER)) {
            settings.own().keySet().forEach(own -> requests.add(dialect.subscription(own)));
            listenersAsked = true;
            Health last = health.last();
            if (last != null) {
                requests.add(dialect.health(HEALTH, last));
            }
        }
        proxyPaused = true;
        send();
    }

    private void fromControlPlane(byte[] response) {
        metrics.response();
        Envelope envelope;
        try {
            envelope = dialect.read(response);
            metrics.state().pushed(envelope.type(), response);
            LOG.atDebug()
                    .addKeyValue("id", id)
                    .addKeyValue("type", envelope.type())
                    .addKeyValue("nonce", envelope.nonce())
                    .log("upstream response");
        } catch (IOException e) {
            fromControlPlane(Status.INTERNAL.withDescription("no response: " + e.getMessage()));
            return;
        }
        OwnResource own = settings.own().get(envelope.type());
        if (own != null) {
            answer(envelope, own);
        } else if (envelope.type().startsWith(OF_ENVOY) || envelope.type().equals(WORKLOAD)) {
            hand(response);
        } else {
            LOG.error(
                    "Skipping forwarding type url {} to Envoy as is not a valid Envoy type",
                    envelope.type());
            next();
        }
    }

    private void answer(Envelope envelope, OwnResource own) {
        ByteString first = envelope.first();
        if (first != null) {
            String error = take(envelope.type(), first, own);
            synchronized (this) {
                if (!ended) {
                    requests.add(dialect.answer(envelope, error));
                    send();
                }
            }
        }
        next();
    }

    private @Nullable String take(String type, ByteString first, OwnResource own) {
        try {
            Envelope.Resource resource = dialect.resource(first);
            if (!resource.type().equals(type)) {
                throw new IOException(
                        "mismatched message type: got \"%s\" want \"%s\""
                                .formatted(resource.type(), type));
            }
            own.take(resource.value());
            return null;
        } catch (IOException | RuntimeException e) {
            LOG.error("failed to take {}: {}", type, e.toString());
            return String.valueOf(e.getMessage());
        }
    }

    private synchronized void next() {
        if (!ended && control != null) {
            control.request(1);
        }
    }

    private synchronized void hand(byte[] response) {
        if (ended) {
            return;
        }
        if (!headersSent) {
            headersSent = true;
            proxy.sendHeaders(new Metadata());
        }
        proxy.sendMessage(response);
        controlPaused = true;
        resume();
    }

    private void resume() {
        if (controlPaused && !ended && control != null && proxy.isReady()) {
            controlPaused = false;
            control.request(1);
        }
    }

    private void fromControlPlane(Status status) {
        synchronized (this) {
            if (ended) {
                return;
            }
        }
        String why = status.getCode() + ": " + words.apply(status);
        metrics.state().lost(why);
        if (metrics.endOfControlPlane(status)) {
            LOG.atDebug().addKeyValue("id", id).log("upstream terminated with status {}", why);
        } else {
            LOG.atWarn()
                    .addKeyValue("id", id)
                    .log("upstream terminated with unexpected error {}", why);
        }
        end(status);
    }

    private synchronized void controlPlaneReady() {
        if (!connected) {
            connected = true;
            metrics.state().connected();
            LOG.atInfo()
                    .addKeyValue("id", id)
                    .log(
                            "connected to {}upstream XDS server: {}",
                            dialect == Dialect.DELTA ? "delta " : "",
                            settings.address());
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
        if (!ended) {
            send();
        }
    }

    /** What the proxy's stream says. */
    private final class FromProxy extends ServerCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            fromProxy(message);
        }

        @Override
        public void onReady() {
            synchronized (RelayStream.this) {
                resume();
            }
        }

        @Override
        public void onHalfClose() {
            left();
        }

        @Override
        public void onCancel() {
            left();
        }

        private void left() {
            synchronized (RelayStream.this) {
                if (ended) {
                    return;
                }
            }
            LOG.atDebug().addKeyValue("id", id).log("downstream terminated with status OK");
            metrics.endOfProxy(true);
            end(Status.OK);
        }
    }

    /** What the stream to the control plane says. */
    private final class FromControlPlane extends ClientCall.Listener<byte[]> {
        @Override
        public void onReady() {
            controlPlaneReady();
        }

        @Override
        public void onMessage(byte[] message) {
            fromControlPlane(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            fromControlPlane(status);
        }
    }
}
