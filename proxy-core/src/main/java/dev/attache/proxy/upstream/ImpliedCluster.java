package dev.attache.proxy.upstream;

import dev.attache.proxy.upstream.spec.ClusterSpec;

/**
 * A cluster that a configuration needs but does not name, such as the target of a {@code
 * google_grpc} service. Immutable. Those of one identity are one cluster, whatever compilation they
 * come from.
 *
 * @param identity with {@code equals} and {@code hashCode}, immutable
 */
public record ImpliedCluster(Object identity, ClusterSpec spec) {

    @Override
    public boolean equals(Object other) {
        return other instanceof ImpliedCluster same && same.identity.equals(identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }
}
