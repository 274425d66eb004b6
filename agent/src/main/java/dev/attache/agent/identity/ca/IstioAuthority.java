package dev.attache.agent.identity.ca;

import dev.attache.agent.control.ConnectionFailure;
import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.identity.ca.IstioCertificateMessages.Request;
import dev.attache.agent.metrics.AgentMetrics;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * istiod, or whoever speaks its {@code CreateCertificate}. Each request has a connection of its
 * own, so that roots, certificates and addresses that changed count. What Istio's client would try
 * again is tried five times; each try has a limit, which Istio's has not.
 */
public final class IstioAuthority implements CertificateAuthority {

    private static final Logger LOG = LoggerFactory.getLogger("agent.citadelclient");
    private static final Logger RETRIES = LoggerFactory.getLogger("agent.ca");
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE = 100;
    private static final double SPREAD = 0.1;
    private static final Set<Status.Code> AGAIN =
            EnumSet.of(
                    Status.Code.CANCELLED,
                    Status.Code.DEADLINE_EXCEEDED,
                    Status.Code.RESOURCE_EXHAUSTED,
                    Status.Code.ABORTED,
                    Status.Code.INTERNAL,
                    Status.Code.UNAVAILABLE);

    private final ControlPlane server;
    private final String signer;
    private final Duration limit;
    private final OutgoingRequests requests;
    private volatile boolean closed;

    /**
     * @param signer {@code ISTIO_META_CERT_SIGNER}; empty for istiod's usual
     */
    public IstioAuthority(ControlPlane server, String signer, AgentMetrics metrics) {
        this(server, signer, metrics, Duration.ofSeconds(10));
    }

    IstioAuthority(ControlPlane server, String signer, AgentMetrics metrics, Duration limit) {
        this.server = server;
        this.signer = signer;
        this.limit = limit;
        this.requests = new OutgoingRequests(metrics);
    }

    @Override
    public String name() {
        return "istiod " + server.address();
    }

    @Override
    public SignedCertificate sign(String request, Duration validity) throws IOException {
        List<String> chain =
                requests.timed(() -> ask(new Request(request, validity.toSeconds(), signer)));
        if (chain.size() <= 1) {
            throw new IOException(name() + ": invalid empty CertChain");
        }
        return new SignedCertificate(chain, List.of(chain.getLast()));
    }

    private List<String> ask(Request request) throws IOException {
        ManagedChannel channel = server.open();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    CallOptions options =
                            CallOptions.DEFAULT.withDeadlineAfter(
                                    limit.toMillis(), TimeUnit.MILLISECONDS);
                    return ClientCalls.blockingUnaryCall(
                            channel, IstioCertificateMessages.METHOD, options, request);
                } catch (StatusRuntimeException e) {
                    if (closed || attempt == TRIES || !AGAIN.contains(e.getStatus().getCode())) {
                        throw failure(e);
                    }
                    pause(attempt, e);
                }
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private IOException failure(StatusRuntimeException e) {
        String words = "create certificate: " + ConnectionFailure.of(server, e).words();
        LOG.error("failed to sign CSR: {}", words);
        return new IOException(words, e);
    }

    private void pause(int attempt, StatusRuntimeException reason) throws IOException {
        double spread = 1 + SPREAD * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        long wait = (long) ((FIRST_PAUSE << (attempt - 1)) * spread);
        requests.again();
        RETRIES.warn(
                "ca request failed, starting attempt {} in {}ms: {}",
                attempt,
                wait,
                ConnectionFailure.of(server, reason).words());
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent ends", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
