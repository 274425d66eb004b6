package dev.attache.agent.sds;

import dev.attache.agent.control.ControlPlaneSettings;
import dev.attache.agent.control.Discovery;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.IdentitySource;
import dev.attache.agent.identity.TrustBundle;
import dev.attache.agent.identity.WorkloadIdentity;
import dev.attache.agent.identity.file.FileWatch;
import dev.attache.agent.identity.spire.IdentitySocket;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that has to do with the workload's secrets, put together from the variables: where they come
 * from, who keeps them new, and the service that gives them to the proxy. Any thread.
 */
public final class SecretDelivery implements AutoCloseable {

    private static final String REVOKED = "/var/run/secrets/istio/crl/ca-crl.pem";

    private final IdentitySocket socket;
    private final FileWatch watch;
    private final TrustBundle trust;
    private final @Nullable WorkloadIdentity identity;
    private final SecretService service;

    private SecretDelivery(
            IdentitySocket socket,
            FileWatch watch,
            TrustBundle trust,
            @Nullable WorkloadIdentity identity,
            SecretService service) {
        this.socket = socket;
        this.watch = watch;
        this.trust = trust;
        this.identity = identity;
        this.service = service;
    }

    /**
     * Looks for another process that serves the identity, and chooses where it comes from if there
     * is none.
     *
     * @throws IllegalArgumentException if variables or settings contradict each other or name what
     *     is not built
     * @throws IOException as {@link IdentitySocket#find}
     */
    public static SecretDelivery of(
            Environment environment, ProxyConfig config, AgentFiles files, AgentMetrics metrics)
            throws IOException {
        refuseProvider(config);
        ControlPlaneSettings control =
                ControlPlaneSettings.of(environment, Discovery.of(config), files);
        IdentitySocket socket = IdentitySocket.find(environment, files);
        FileWatch watch =
                new FileWatch(
                        environment.duration("FILE_DEBOUNCE_DURATION", Duration.ofMillis(100)));
        TrustBundle trust = new TrustBundle();
        WorkloadIdentity identity =
                socket.foreign()
                        ? null
                        : new IdentitySource(environment, files, trust, watch, metrics)
                                .choose(control.authority());
        SecretMessages messages =
                new SecretMessages(
                        environment.truth("PILOT_ENABLE_CA_CRL", true) ? Path.of(REVOKED) : null);
        SecretService service =
                new SecretService(
                        new WorkloadSecrets(identity, trust, files, watch, messages, metrics));
        return new SecretDelivery(socket, watch, trust, identity, service);
    }

    private static void refuseProvider(ProxyConfig config) {
        var provider = config.message("privateKeyProvider");
        if (provider != null && !provider.isEmpty()) {
            throw new IllegalArgumentException(
                    "ProxyConfig.privateKeyProvider: "
                            + String.join(", ", provider.keySet())
                            + " is not built; leave it out and the key is given as it is");
        }
    }

    /** Begins to get the identity. Returns at once. */
    public void start() {
        if (identity != null) {
            identity.start();
        }
    }

    /** The identity; null where another process serves it. */
    public @Nullable WorkloadIdentity identity() {
        return identity;
    }

    /** What peers are checked with. */
    public TrustBundle trust() {
        return trust;
    }

    /** The socket of the identity, and whether another process serves it. */
    public IdentitySocket socket() {
        return socket;
    }

    /** What is to be served there, or for files only where another serves the identity. */
    public SecretService service() {
        return service;
    }

    /**
     * The control plane names roots besides ({@code caCertificates} of the mesh): they count, and
     * the workload gets a new certificate.
     *
     * @param roots PEM
     */
    public void meshRoots(List<String> roots) {
        if (trust.mesh(roots) && identity != null) {
            identity.renew();
        }
    }

    @Override
    public void close() {
        if (identity != null) {
            identity.close();
        }
        watch.close();
    }
}
