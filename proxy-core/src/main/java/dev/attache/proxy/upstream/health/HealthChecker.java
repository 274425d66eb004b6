package dev.attache.proxy.upstream.health;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.upstream.host.HealthFlags;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One way in which the hosts of a cluster are checked: a {@link HostCheck} for each, from the
 * moment a host is a member. Owned by the cluster's {@link HealthCheckers}; main thread.
 */
final class HealthChecker {

    private final CheckedCluster cluster;
    private final CheckListener listener;
    private final Function<Host, HealthFlags> flags;
    private final HealthStats stats;
    private final HealthEvents events;
    private final Counter connections;
    private final Map<Host, HostCheck> sessions = new LinkedHashMap<>();
    private boolean closed;

    /**
     * @param flags those of a host that this checker sets
     */
    HealthChecker(
            CheckedCluster cluster, CheckListener listener, Function<Host, HealthFlags> flags) {
        this.cluster = cluster;
        this.listener = listener;
        this.flags = flags;
        this.stats = new HealthStats(cluster.scope(), cluster.spec().name());
        this.events = new HealthEvents(cluster);
        this.connections = cluster.scope().counter("upstream_cx_total");
    }

    /** The members now: new ones are checked from now on, those that left no more. */
    void hosts(HostSet next) {
        if (closed) {
            return;
        }
        Set<Host> members = new HashSet<>(next.hosts());
        for (HostCheck each : List.copyOf(sessions.values())) {
            if (!members.contains(each.host())) {
                sessions.remove(each.host());
                each.close();
            }
        }
        for (Host host : next.hosts()) {
            if (!host.spec().healthCheck().disableActiveHealthCheck()
                    && !sessions.containsKey(host)) {
                HostCheck session = new HostCheck(this, host, flags.apply(host));
                sessions.put(host, session);
                session.start();
            }
        }
    }

    /** Hosts whose first check is not over. */
    Set<Host> unchecked() {
        Set<Host> waiting = new HashSet<>();
        for (HostCheck each : sessions.values()) {
            if (each.unchecked()) {
                waiting.add(each.host());
            }
        }
        return waiting;
    }

    /** No more checks; flags stay as they are. */
    void close() {
        closed = true;
        List<HostCheck> last = List.copyOf(sessions.values());
        sessions.clear();
        last.forEach(HostCheck::close);
    }

    CheckedCluster cluster() {
        return cluster;
    }

    HealthCheckSpec spec() {
        return cluster.spec();
    }

    HealthStats stats() {
        return stats;
    }

    HealthEvents events() {
        return events;
    }

    void checked(Host host, boolean changed, boolean passed) {
        if (!closed) {
            listener.onChecked(host, changed, passed);
        }
    }

    Probe probe(HostCheck check) {
        return switch (spec().probe()) {
            case HealthCheckSpec.Http http -> new HttpProbe(check, http);
            case HealthCheckSpec.Tcp tcp -> new TcpProbe(check, tcp);
            case HealthCheckSpec.Grpc grpc -> new GrpcProbe(check, grpc);
        };
    }

    /**
     * Until the next check.
     *
     * @param passed the last one
     * @param pending the last one says something else of the host than its flags do, but not often
     *     enough yet
     */
    long interval(boolean passed, boolean pending) {
        HealthCheckSpec.Intervals times = spec().intervals();
        long millis;
        if (connections.used()) {
            millis =
                    passed
                            ? pending ? times.healthyEdgeMillis() : times.intervalMillis()
                            : pending ? times.unhealthyEdgeMillis() : times.unhealthyMillis();
        } else {
            millis = passed && !pending ? times.noTrafficHealthyMillis() : times.noTrafficMillis();
        }
        return jittered(millis, times.jitterMillis());
    }

    /** The share of the interval, then the fixed part; at least 1, so that no loop spins. */
    long jittered(long millis, long jitter) {
        long share = spec().intervals().jitterPercent() * millis / 100;
        long sum = millis;
        if (share > 0) {
            sum += Long.remainderUnsigned(cluster.loop().random(), share);
        }
        if (jitter > 0) {
            sum += Long.remainderUnsigned(cluster.loop().random(), jitter);
        }
        return Math.max(1, sum);
    }
}
