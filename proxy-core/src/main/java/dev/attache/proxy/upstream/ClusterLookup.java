package dev.attache.proxy.upstream;

import org.jspecify.annotations.Nullable;

/** The clusters of one worker by name. Loop-confined. */
@FunctionalInterface
public interface ClusterLookup {

    /** The cluster as adopted by this worker, or null where there is none of that name. */
    @Nullable Cluster cluster(String name);
}
