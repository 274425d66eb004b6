package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host that a filter asked for by {@code ip:port}. The index is made on first use.
 * Loop-confined.
 */
public final class OverrideHosts {

    private final Set<HealthStatus> usable;
    private HostSet hosts = HostSet.EMPTY;
    private @Nullable Map<String, Host> byAddress;

    /**
     * @param usable {@code override_host_status}
     */
    public OverrideHosts(Set<HealthStatus> usable) {
        this.usable = usable;
    }

    /** Where it looks from now on. */
    public void hosts(HostSet next) {
        hosts = next;
        byAddress = null;
    }

    /** A usable host of that address, or null. */
    public @Nullable Host find(String wanted) {
        Map<String, Host> index = byAddress;
        if (index == null) {
            index = new HashMap<>();
            for (PriorityHosts level : hosts.priorities()) {
                for (Host host : level.hosts()) {
                    index.put(host.address().toString(), host);
                }
            }
            byAddress = index;
        }
        Host host = index.get(wanted);
        return host != null && usable.contains(status(host)) ? host : null;
    }

    /** What the control plane says where it says no; else what checks say; else what it says. */
    private static HealthStatus status(Host host) {
        HealthStatus told = host.spec().healthStatus();
        if (told.failed() || told == HealthStatus.DRAINING) {
            return told;
        }
        if (host.healthy()) {
            return told == HealthStatus.DEGRADED ? HealthStatus.HEALTHY : told;
        }
        return host.degraded() ? HealthStatus.DEGRADED : HealthStatus.UNHEALTHY;
    }
}
