package dev.attache.config.cluster;

import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.util.List;

/**
 * A compiled cluster.
 *
 * @param dependencies its endpoints (for EDS) and the secrets that it waits for
 * @param discoveries its filters whose configurations are discovered
 * @param generations of the users' extensions that it was compiled by
 */
public record CompiledCluster(
        ClusterSpec spec,
        List<ResourceDependency> dependencies,
        List<ExtensionDiscovery> discoveries,
        List<Long> generations) {
    public CompiledCluster {
        dependencies = List.copyOf(dependencies);
        discoveries = List.copyOf(discoveries);
        generations = List.copyOf(generations);
    }
}
