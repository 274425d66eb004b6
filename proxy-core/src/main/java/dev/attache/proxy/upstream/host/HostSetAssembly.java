package dev.attache.proxy.upstream.host;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.upstream.host.LoadAssignment.DropOverload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns what discovery says into the next {@link HostSet}, keeping the {@link Host} of every
 * address that stays, so that its pools, numbers and health stay too. Main thread; used for one
 * update.
 *
 * <p>As in Envoy, an address counts once (the first mention wins), localities of a priority are
 * ordered by region, zone and sub-zone with the proxy's own first.
 */
public final class HostSetAssembly {

    private static final Comparator<Locality> ORDER =
            Comparator.comparing(Locality::region)
                    .thenComparing(Locality::zone)
                    .thenComparing(Locality::subZone);

    private final Map<Address, Host> known = new HashMap<>();
    private final Map<Address, Host> chosen = new HashMap<>();
    private final List<Map<Locality, Members>> levels = new ArrayList<>();
    private final Comparator<Locality> order;
    private final long nowNanos;
    private final FirstCheck firstCheck;
    private int overprovisioningFactor = LoadAssignment.OVERPROVISIONING_DEFAULT;
    private boolean weightedPriorityHealth;
    private List<DropOverload> dropOverloads = List.of();

    /** What a host is before anybody has checked it. */
    public enum FirstCheck {
        /** As good as any: there are no active checks. */
        UNCHECKED,
        /** Not to be used. */
        FAILED,
        /** Not to be used, nor to be counted ({@code ignore_new_hosts_until_first_hc}). */
        FAILED_EXCLUDED
    }

    private static final class Members {
        private final List<Host> hosts = new ArrayList<>();
        private int weight;
    }

    /**
     * @param previous hosts to keep where their addresses return
     * @param own the proxy's locality, first among its equals; null or empty where unknown
     * @param firstCheck what new hosts are until their first active check is over
     */
    public HostSetAssembly(
            HostSet previous, @Nullable Locality own, long nowNanos, FirstCheck firstCheck) {
        for (PriorityHosts level : previous.priorities()) {
            for (Host host : level.hosts()) {
                known.put(host.address(), host);
            }
        }
        this.nowNanos = nowNanos;
        this.firstCheck = firstCheck;
        this.order =
                own == null || own.isEmpty()
                        ? ORDER
                        : Comparator.comparing((Locality l) -> !l.equals(own)).thenComparing(ORDER);
    }

    /** Takes over what the assignment says beside its endpoints. */
    public HostSetAssembly settings(LoadAssignment assignment) {
        overprovisioningFactor = assignment.overprovisioningFactor();
        weightedPriorityHealth = assignment.weightedPriorityHealth();
        dropOverloads = assignment.dropOverloads();
        return this;
    }

    /** Makes the locality known even if it stays without hosts. */
    public HostSetAssembly locality(LocalityEndpoints group) {
        Members members = members(group);
        if (group.weight() != 0) {
            members.weight = group.weight();
        }
        return this;
    }

    /** Adds an endpoint at {@code address}, unless that address is already in this update. */
    public HostSetAssembly add(LocalityEndpoints group, EndpointSpec endpoint, Address address) {
        if (chosen.containsKey(address)) {
            return this;
        }
        Host host = known.get(address);
        if (host == null || isAnother(host, endpoint)) {
            host = new Host(endpoint, address, group.locality(), group.priority(), nowNanos);
            boolean checked = !endpoint.healthCheck().disableActiveHealthCheck();
            host.set(
                    Host.Flag.PENDING_ACTIVE_HC,
                    checked && firstCheck == FirstCheck.FAILED_EXCLUDED);
            host.set(Host.Flag.FAILED_ACTIVE_HC, checked && firstCheck != FirstCheck.UNCHECKED);
        } else {
            host.set(Host.Flag.PENDING_DYNAMIC_REMOVAL, false);
            host.update(endpoint, group.locality(), group.priority());
        }
        chosen.put(address, host);
        members(group).hosts.add(host);
        return this;
    }

    /**
     * As in Envoy it is another host when it has another name, which is what is dialled and asked
     * for, and when what checks have said of it holds no more.
     */
    private boolean isAnother(Host host, EndpointSpec next) {
        var before = host.spec().healthCheck();
        var after = next.healthCheck();
        if (!host.hostname().equals(next.hostname())) {
            return true;
        }
        return firstCheck != FirstCheck.UNCHECKED
                && (before.port() != after.port()
                        || !before.hostname().equals(after.hostname())
                        || !Objects.equals(before.address(), after.address())
                        || before.disableActiveHealthCheck() != after.disableActiveHealthCheck());
    }

    /** Adds every literal endpoint of the assignment; names are for DNS clusters to resolve. */
    public HostSetAssembly addLiterals(LoadAssignment assignment) {
        settings(assignment);
        for (LocalityEndpoints group : assignment.localities()) {
            locality(group);
            for (EndpointSpec endpoint : group.endpoints()) {
                if (endpoint.address() instanceof EndpointAddress.Literal literal) {
                    add(group, endpoint, literal.address());
                }
            }
        }
        return this;
    }

    /**
     * Keeps hosts that discovery no longer names for as long as their active checks say that they
     * are well. As in Envoy, nobody may trust discovery more than the hosts.
     */
    public HostSetAssembly keepHealthy(HostSet previous) {
        for (Host host : previous.hosts()) {
            if (!chosen.containsKey(host.address()) && isWell(host)) {
                host.set(Host.Flag.PENDING_DYNAMIC_REMOVAL, true);
                chosen.put(host.address(), host);
                members(host.priority(), host.locality()).hosts.add(host);
            }
        }
        return this;
    }

    private static boolean isWell(Host host) {
        return !host.has(Host.Flag.FAILED_ACTIVE_HC)
                && !host.has(Host.Flag.FAILED_EDS_HEALTH)
                && !host.spec().healthCheck().disableActiveHealthCheck();
    }

    private Members members(LocalityEndpoints group) {
        return members(group.priority(), group.locality());
    }

    private Members members(int priority, Locality locality) {
        while (levels.size() <= priority) {
            levels.add(new TreeMap<>(order));
        }
        return levels.get(priority).computeIfAbsent(locality, l -> new Members());
    }

    public HostSet build(long version) {
        List<PriorityHosts> priorities = new ArrayList<>();
        for (int i = 0; i < levels.size(); i++) {
            List<LocalityHosts> localities = new ArrayList<>();
            levels.get(i)
                    .forEach((locality, members) ->
                            localities.add(
                                    LocalityHosts.of(locality, members.weight, members.hosts)));
            priorities.add(
                    PriorityHosts.of(
                            i, localities, overprovisioningFactor, weightedPriorityHealth));
        }
        return new HostSet(version, priorities, dropOverloads);
    }
}
