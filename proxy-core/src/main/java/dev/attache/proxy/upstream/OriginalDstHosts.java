package dev.attache.proxy.upstream;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.Timer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The balancer of ORIGINAL_DST: the host is where the client wanted to go. A host is made when it
 * is first wanted, and dropped when a whole {@code cleanup_interval} has passed without a pick or a
 * connection. Each worker keeps its own. Loop-confined.
 *
 * <p>Where to, in Envoy's order: filter state, dynamic metadata, header, restored local address;
 * then the port override.
 */
final class OriginalDstHosts implements LoadBalancer {

    /** Filter state that a filter sets to choose the destination. */
    static final String FILTER_STATE_KEY = "envoy.network.transport_socket.original_dst_address";

    private final WorkerCluster cluster;
    private final DiscoverySpec.OriginalDst spec;
    private final Map<Address, Host> known = new HashMap<>();
    private final Set<Host> usedSinceCleanup = new HashSet<>();
    private final Timer cleanup =
            new Timer() {
                @Override
                protected void expire() {
                    dropUnused();
                }
            };
    private boolean stopped;

    OriginalDstHosts(WorkerCluster cluster, DiscoverySpec.OriginalDst spec) {
        this.cluster = cluster;
        this.spec = spec;
    }

    @Override
    public void hosts(HostSet next) {
        // Nobody else knows any.
    }

    @Override
    public boolean explain(PickContext context, Explanation into) {
        Address wanted = wanted(context);
        if (wanted == null) {
            into.say("wanted", "nothing says where the client wanted to go");
            return false;
        }
        into.item("hosts")
                .say("address", wanted.toString())
                .say("eligible", true)
                .say("known", known.containsKey(wanted));
        return true;
    }

    private @Nullable Address wanted(PickContext context) {
        Address wanted = destination(context);
        return spec.portOverride() != 0 && wanted instanceof IpAddress ip
                ? ip.withPort(spec.portOverride())
                : wanted;
    }

    @Override
    public Pick pick(PickContext context) {
        Address wanted = wanted(context);
        if (wanted == null) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        Host host = known.get(wanted);
        if (host == null) {
            host = add(wanted);
        }
        usedSinceCleanup.add(host);
        return host;
    }

    private Host add(Address wanted) {
        Host host =
                new Host(
                        EndpointSpec.of(wanted),
                        wanted,
                        Locality.NONE,
                        0,
                        cluster.worker().nanoTime());
        known.put(wanted, host);
        cluster.shared().dynamicHosts().add(host);
        if (!cleanup.armed() && !stopped) {
            arm();
        }
        return host;
    }

    private void arm() {
        cluster.worker().timers().schedule(cleanup, cluster.spec().cleanupIntervalMillis());
    }

    private @Nullable Address destination(PickContext context) {
        FilterState state = context.filterState();
        if (state != null && state.get(FILTER_STATE_KEY) instanceof FilterState.Value value) {
            return parsed(value.serializeAsString());
        }
        DiscoverySpec.MetadataKey key = spec.metadataKey();
        ConnectionInfo connection = context.downstreamConnection();
        if (key != null) {
            MetadataValue value = inMetadata(key, context.dynamicMetadata(), connection);
            if (value instanceof MetadataValue.Text text) {
                return parsed(text.value());
            }
        }
        HeaderName header = spec.header();
        Headers headers = context.downstreamHeaders();
        if (header != null && headers != null) {
            String value = headers.get(header);
            if (value != null) {
                return parsed(value);
            }
        }
        return connection != null && connection.localAddressRestored()
                ? connection.localAddress()
                : null;
    }

    private static @Nullable MetadataValue inMetadata(
            DiscoverySpec.MetadataKey key, Metadata request, @Nullable ConnectionInfo connection) {
        MetadataValue value = request.get(key.namespace(), key.path());
        return value != null || connection == null
                ? value
                : connection.dynamicMetadata().get(key.namespace(), key.path());
    }

    /** {@code ip:port}; anything else is counted and leads nowhere. */
    private @Nullable Address parsed(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                String ip = text.substring(0, colon);
                boolean bracketed = ip.startsWith("[") && ip.endsWith("]");
                return IpAddress.parse(
                        bracketed ? ip.substring(1, ip.length() - 1) : ip,
                        Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException malformed) {
            cluster.stats().inc(ClusterCounter.ORIGINAL_DST_HOST_INVALID);
            return null;
        }
        cluster.stats().inc(ClusterCounter.ORIGINAL_DST_HOST_INVALID);
        return null;
    }

    private void dropUnused() {
        for (Iterator<Host> each = known.values().iterator(); each.hasNext(); ) {
            Host host = each.next();
            if (!usedSinceCleanup.contains(host) && cluster.connections(host) == 0) {
                each.remove();
                cluster.shared().dynamicHosts().remove(host);
            }
        }
        usedSinceCleanup.clear();
        if (!known.isEmpty() && !stopped) {
            arm();
        }
    }

    void stop() {
        stopped = true;
        cleanup.cancel();
        for (Host host : known.values()) {
            cluster.shared().dynamicHosts().remove(host);
            cluster.drop(host);
        }
        known.clear();
    }
}
