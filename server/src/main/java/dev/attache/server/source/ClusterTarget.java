package dev.attache.server.source;

import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
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
    private @Nullable SharedCluster carrier;
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
        SharedCluster shared = carrier();
        carrier = shared;
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

    /** Of an aggregate the first member with a healthy host, or else with any. */
    private @Nullable SharedCluster carrier() {
        SharedCluster shared = clusters.apply(cluster);
        if (shared == null
                || !(shared.spec().discovery() instanceof DiscoverySpec.Aggregate aggregate)) {
            return shared;
        }
        SharedCluster any = null;
        for (String name : aggregate.clusters()) {
            SharedCluster member = clusters.apply(name);
            List<Host> hosts = member == null ? List.of() : member.hosts().hosts();
            if (hosts.stream().anyMatch(Host::healthy)) {
                return member;
            }
            any = any == null && !hosts.isEmpty() ? member : any;
        }
        return any;
    }

    /** Whose host was chosen; before that the cluster itself. */
    private @Nullable SharedCluster carrying() {
        SharedCluster known = carrier;
        return known == null ? clusters.apply(cluster) : clusters.apply(known.spec().name());
    }

    @Override
    public @Nullable ConnectionSecurity security() {
        SharedCluster shared = carrying();
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
        SharedCluster shared = carrying();
        return shared == null
                ? Duration.ofSeconds(5)
                : Duration.ofMillis(shared.spec().connectTimeoutMillis());
    }

    @Override
    public @Nullable Duration keepalive() {
        SharedCluster shared = carrying();
        long millis = shared == null ? 0 : shared.spec().http().http2().keepaliveIntervalMillis();
        return millis > 0 ? Duration.ofMillis(millis) : null;
    }
}
