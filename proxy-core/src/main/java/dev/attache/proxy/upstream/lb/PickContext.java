package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a balancer may know about the request or connection it picks a host for. Implemented by the
 * router and by the TCP proxy; every answer has a default, so that plain balancing needs nothing.
 * Called on the worker's loop, during the pick only.
 */
public interface PickContext {

    /** Nothing is known. */
    PickContext NONE = new PickContext() {};

    /** A hash policy produced a hash; without one, hashing balancers choose at random. */
    default boolean hasHash() {
        return false;
    }

    /** Meaningful only where {@link #hasHash()}. */
    default long hash() {
        return 0;
    }

    /** {@code metadata_match} for subset balancing: route, weighted cluster and request merged. */
    default MetadataValue.@Nullable Struct metadataMatch() {
        return null;
    }

    default @Nullable ConnectionInfo downstreamConnection() {
        return null;
    }

    default @Nullable Headers downstreamHeaders() {
        return null;
    }

    /** The stream's (or connection's) dynamic metadata, for {@code original_dst metadata_key}. */
    default Metadata dynamicMetadata() {
        return Metadata.EMPTY;
    }

    /** A policy says what it has picked: merged into the stream's dynamic metadata. */
    default void tell(String namespace, MetadataValue.Struct fields) {}

    default @Nullable FilterState filterState() {
        return null;
    }

    /** Whether the asker can do with {@code Pick.Later}. */
    default boolean waits() {
        return false;
    }

    /** A retry host predicate rejects {@code host}: pick again while attempts are left. */
    default boolean shouldSkip(Host host) {
        return false;
    }

    /**
     * {@code host_selection_retry_max_attempts}; after so many rejected picks the last one stands.
     */
    default int hostSelectionRetries() {
        return 0;
    }

    /** A host that a filter asked for ({@code ip:port}; stateful sessions), or null. */
    default @Nullable String overrideHost() {
        return null;
    }

    /** Without the override host in usable state there is no pick at all. */
    default boolean overrideHostStrict() {
        return false;
    }

    /**
     * Lets {@code previous_priorities} change the load of the levels.
     *
     * @param loads percent per level, healthy hosts; may be edited in place
     * @param degradedLoads the same for degraded hosts
     * @param health how much of each level is healthy, in percent, overprovisioned
     * @param degradedHealth the same for degraded hosts
     * @param levels where hosts that were tried stand among these levels, -1 = nowhere
     * @return whether anything was changed
     */
    default boolean adjustPriorityLoad(
            int[] loads,
            int[] degradedLoads,
            int[] health,
            int[] degradedHealth,
            ToIntFunction<Host> levels) {
        return false;
    }
}
