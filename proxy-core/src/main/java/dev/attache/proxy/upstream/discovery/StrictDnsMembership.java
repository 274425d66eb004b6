package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.DnsSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * STRICT_DNS: each name is watched on its own and each of its addresses is a host. Warm when every
 * name has been answered once, or has failed. After a failure what was known stays.
 */
final class StrictDnsMembership implements Membership {

    private final DiscoveredCluster cluster;
    private final List<Target> targets = new ArrayList<>();
    private HostSet latest;
    private HostSet own = HostSet.EMPTY;
    private int unanswered;

    StrictDnsMembership(DiscoveredCluster cluster, DnsSpec dns, HostSet inherited) {
        this.cluster = cluster;
        this.latest = inherited;
        for (LocalityEndpoints group : cluster.spec().endpoints().localities()) {
            for (EndpointSpec endpoint : group.endpoints()) {
                targets.add(new Target(group, endpoint, dns));
            }
        }
    }

    @Override
    public void start() {
        unanswered = targets.size();
        if (targets.isEmpty()) {
            rebuild();
        }
        for (Target target : targets) {
            target.start();
        }
    }

    @Override
    public void stop() {
        for (Target target : targets) {
            target.stop();
        }
    }

    @Override
    public void dropFailed() {
        rebuild();
    }

    private void answered(Target target) {
        if (!target.answered) {
            target.answered = true;
            unanswered--;
        }
    }

    private void rebuild() {
        HostSetAssembly assembly =
                new HostSetAssembly(
                        latest, cluster.locality(), System.nanoTime(), cluster.firstCheck(true));
        assembly.settings(cluster.spec().endpoints());
        for (Target target : targets) {
            assembly.locality(target.group);
            for (Address address : target.addresses) {
                assembly.add(target.group, target.endpoint, address);
            }
        }
        latest =
                assembly.keepHealthy(cluster.keepsHealthy() ? own : HostSet.EMPTY)
                        .build(cluster.nextVersion());
        own = latest;
        if (unanswered > 0) {
            cluster.onMembersWhileWarming(latest);
        } else {
            cluster.onMembers(latest);
        }
    }

    /** One endpoint of the configuration. */
    private final class Target implements NameWatch.Listener {
        private final LocalityEndpoints group;
        private final EndpointSpec endpoint;
        private final int port;
        private final @Nullable NameWatch watch;
        private List<Address> addresses = List.of();
        private boolean answered;

        Target(LocalityEndpoints group, EndpointSpec endpoint, DnsSpec dns) {
            this.group = group;
            switch (endpoint.address()) {
                case EndpointAddress.Named named -> {
                    this.endpoint = LogicalDnsMembership.named(endpoint, named.host());
                    this.port = named.port();
                    this.watch =
                            new NameWatch(cluster.main(), cluster.names(), named.host(), dns, this);
                }
                case EndpointAddress.Literal literal -> {
                    this.endpoint = endpoint;
                    this.port = 0;
                    this.watch = null;
                    this.addresses = List.of(literal.address());
                }
            }
        }

        void start() {
            if (watch != null) {
                watch.start();
            } else {
                StrictDnsMembership.this.answered(this);
                cluster.named(endpoint);
                rebuild();
            }
        }

        void stop() {
            if (watch != null) {
                watch.stop();
            }
        }

        @Override
        public void onAttempt() {
            cluster.scope().counter("update_attempt").inc();
        }

        @Override
        public void onResolved(List<NameResolver.Record> records) {
            cluster.scope().counter("update_success").inc();
            List<Address> found = new ArrayList<>();
            for (NameResolver.Record each : records) {
                found.add(new IpAddress(each.address(), port));
            }
            Set<Address> distinct = new HashSet<>(found);
            distinct.forEach(address -> cluster.named(endpoint));
            boolean same = distinct.equals(new HashSet<>(addresses));
            boolean first = !answered;
            StrictDnsMembership.this.answered(this);
            if (same && !first) {
                cluster.scope().counter("update_no_rebuild").inc();
                return;
            }
            addresses = found;
            rebuild();
        }

        @Override
        public void onFailed(Throwable why) {
            cluster.scope().counter("update_failure").inc();
            boolean first = !answered;
            StrictDnsMembership.this.answered(this);
            if (first && unanswered == 0) {
                rebuild();
            }
        }
    }
}
