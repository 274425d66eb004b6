package dev.attache.proxy.upstream.host;

import java.util.ArrayList;
import java.util.List;

/**
 * All hosts of one priority level, flat and by locality. Immutable; order is the control plane's.
 */
public record PriorityHosts(
        int priority,
        List<LocalityHosts> localities,
        List<Host> hosts,
        List<Host> healthy,
        List<Host> degraded,
        int excluded,
        int overprovisioningFactor,
        boolean weightedPriorityHealth) {

    public static PriorityHosts of(
            int priority,
            List<LocalityHosts> localities,
            int overprovisioningFactor,
            boolean weightedPriorityHealth) {
        List<Host> hosts = new ArrayList<>();
        List<Host> healthy = new ArrayList<>();
        List<Host> degraded = new ArrayList<>();
        int excluded = 0;
        for (LocalityHosts locality : localities) {
            hosts.addAll(locality.hosts());
            healthy.addAll(locality.healthy());
            degraded.addAll(locality.degraded());
            excluded += locality.excluded();
        }
        return new PriorityHosts(
                priority,
                List.copyOf(localities),
                List.copyOf(hosts),
                List.copyOf(healthy),
                List.copyOf(degraded),
                excluded,
                overprovisioningFactor,
                weightedPriorityHealth);
    }
}
