package dev.attache.config.cluster;

import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.util.List;

/**
 * A compiled cluster.
 *
 * @param dependencies its endpoints (for EDS) and the secrets that it waits for
 */
public record CompiledCluster(ClusterSpec spec, List<ResourceDependency> dependencies) {
    public CompiledCluster {
        dependencies = List.copyOf(dependencies);
    }
}
