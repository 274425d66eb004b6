package dev.attache.server.source;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.xds.stream.ConnectionSecurity;
import dev.attache.xds.stream.GrpcTarget;
import dev.attache.xds.stream.TransportEvents;
import io.grpc.Metadata;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A control plane by its {@code target_uri} ({@code google_grpc}): what a service of a filter means
 * by it, for a stream of the main loop. Names are looked up when it connects. Main loop only, but
 * for the handshake.
 */
final class GoogleTarget implements GrpcTarget {

    private final ClusterSpec cluster;
    private final String authority;
    private final Metadata metadata;
    private final List<SocketAddress> addresses = new ArrayList<>();
    private final @Nullable ClientTransport transport;
    private final @Nullable ConnectionSecurity security;
    private final GoogleTraffic traffic;
    private int next;

    /**
     * @param stats where {@code grpc.<stat_prefix>.} is counted
     */
    GoogleTarget(
            GrpcChannel channel,
            String authority,
            Metadata metadata,
            TransportWorkers workers,
            StatsStore stats) {
        this.cluster = channel.target().spec();
        this.authority = authority;
        this.metadata = metadata;
        EndpointSpec endpoint = cluster.endpoints().localities().getFirst().endpoints().getFirst();
        if (endpoint.address() instanceof EndpointAddress.Named named) {
            addresses.add(InetSocketAddress.createUnresolved(named.host(), named.port()));
        } else if (endpoint.address() instanceof EndpointAddress.Literal literal) {
            addresses.add(literal.address().toSocketAddress());
        }
        for (Address other : endpoint.additionalAddresses()) {
            addresses.add(other.toSocketAddress());
        }
        ClientTransportSpec spec = cluster.transports().fallback();
        this.transport = spec.secure() ? spec.open(new StatsStore().scope("")) : null;
        this.security =
                transport == null
                        ? null
                        : TransportHandshake.of(transport, endpoint.hostname(), workers);
        this.traffic = new GoogleTraffic(channel.statPrefix(), stats, workers.index());
    }

    @Override
    public String name() {
        return cluster.name();
    }

    @Override
    public SocketAddress nextAddress() {
        return addresses.get(Math.floorMod(next++, addresses.size()));
    }

    @Override
    public @Nullable ConnectionSecurity security() {
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
        return Duration.ofMillis(cluster.connectTimeoutMillis());
    }

    @Override
    public @Nullable Duration keepalive() {
        long millis = cluster.http().http2().keepaliveIntervalMillis();
        return millis > 0 ? Duration.ofMillis(millis) : null;
    }

    @Override
    public void close() {
        traffic.close();
        if (transport != null) {
            transport.close();
        }
    }
}
