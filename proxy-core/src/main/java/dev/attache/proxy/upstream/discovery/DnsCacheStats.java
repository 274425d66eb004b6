package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.spec.DnsCacheSpec;
import org.jspecify.annotations.Nullable;

/** {@code dns_cache.<name>.*}. Any thread. */
final class DnsCacheStats {

    private final StatsStore.Hold hold;
    final Counter queryAttempt;
    final Counter queryFailure;
    final Counter querySuccess;
    final Counter queryTimeout;
    final Counter hostAdded;
    final Counter hostAddressChanged;
    final Counter hostOverflow;
    final Counter hostRemoved;
    final Counter pendingOverflow;
    final Gauge numHosts;
    final Gauge pendingOpen;
    final Gauge pendingRemaining;
    private final Counter filteredOut;

    DnsCacheStats(StatsStore store, String name) {
        String prefix = "dns_cache." + name + ".";
        this.hold = store.hold(prefix);
        Scope scope = store.scope(prefix);
        // Envoy's name; nothing is ever loaded from a file here.
        scope.counter("cache_load");
        this.queryAttempt = scope.counter("dns_query_attempt");
        this.queryFailure = scope.counter("dns_query_failure");
        this.querySuccess = scope.counter("dns_query_success");
        this.queryTimeout = scope.counter("dns_query_timeout");
        this.hostAdded = scope.counter("host_added");
        this.hostAddressChanged = scope.counter("host_address_changed");
        this.hostOverflow = scope.counter("host_overflow");
        this.hostRemoved = scope.counter("host_removed");
        this.pendingOverflow = scope.counter("dns_rq_pending_overflow");
        this.filteredOut = scope.counter("dns_address_filter_out");
        this.numHosts = scope.gauge("num_hosts");
        numHosts.set(0);
        Scope breakers = scope.scope("circuit_breakers.");
        this.pendingOpen = breakers.gauge("rq_pending_open");
        this.pendingRemaining = breakers.gauge("rq_pending_remaining");
    }

    /** Whether an address counts; one that does not is counted. */
    boolean counted(DnsCacheSpec.@Nullable AddressFilter filter, IpAddress address) {
        if (filter == null) {
            return true;
        }
        boolean within = false;
        for (CidrRange range : filter.ranges()) {
            within |= range.contains(address.ip());
        }
        if (within == filter.inverted()) {
            return true;
        }
        filteredOut.inc();
        return false;
    }

    void close() {
        hold.close();
    }
}
