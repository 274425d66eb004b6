package dev.attache.server.source;

import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.xds.stream.ConnectionSecurity;
import dev.attache.xds.stream.GrpcTarget;
import dev.attache.xds.stream.TransportEvents;
import io.grpc.Metadata;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A control plane behind one of this proxy's clusters: its hosts in turn, its transport socket.
 * Main loop only, but for the handshake.
 */
final class ClusterTarget implements GrpcTarget {

    private final String cluster;
    private final String authority;
    private final Metadata metadata;
    private final Function<String, @Nullable SharedCluster> clusters;
    private final TransportWorkers workers;
    private final ControlPlaneTraffic traffic;
    private int next;
    private @Nullable Host chosen;
    private @Nullable ClientTransport secured;
    private @Nullable Host securedHost;
    private @Nullable ConnectionSecurity security;

    ClusterTarget(
            String cluster,
            String authority,
            Metadata metadata,
            Function<String, @Nullable SharedCluster> clusters,
            TransportWorkers workers) {
        this.cluster = cluster;
        this.authority = authority;
        this.metadata = metadata;
        this.clusters = clusters;
        this.workers = workers;
        this.traffic = new ControlPlaneTraffic(workers.index());
    }

    @Override
    public String name() {
        return cluster;
    }

    @Override
    public @Nullable SocketAddress nextAddress() {
        SharedCluster shared = clusters.apply(cluster);
        chosen = null;
        if (shared == null) {
            return null;
        }
        List<Host> all = shared.hosts().hosts();
        if (all.isEmpty()) {
            return null;
        }
        Host host = all.get(Math.floorMod(next++, all.size()));
        chosen = host;
        traffic.use(shared, host);
        return host.address().toSocketAddress();
    }

    @Override
    public @Nullable ConnectionSecurity security() {
        SharedCluster shared = clusters.apply(cluster);
        Host host = chosen;
        if (shared == null || host == null) {
            return null;
        }
        ClientTransport transport = shared.transport(host);
        if (!transport.secure()) {
            return null;
        }
        if (transport != secured || host != securedHost) {
            secured = transport;
            securedHost = host;
            security =
                    TransportHandshake.of(
                            transport, host.hostname().isEmpty() ? null : host.hostname(), workers);
        }
        return security;
    }

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public Metadata metadata() {
        Metadata copy = new Metadata();
        copy.merge(metadata);
        return copy;
    }

    @Override
    public TransportEvents events() {
        return traffic;
    }

    @Override
    public Duration connectTimeout() {
        SharedCluster shared = clusters.apply(cluster);
        return shared == null
                ? Duration.ofSeconds(5)
                : Duration.ofMillis(shared.spec().connectTimeoutMillis());
    }

    @Override
    public @Nullable Duration keepalive() {
        SharedCluster shared = clusters.apply(cluster);
        long millis = shared == null ? 0 : shared.spec().http().http2().keepaliveIntervalMillis();
        return millis > 0 ? Duration.ofMillis(millis) : null;
    }
}
