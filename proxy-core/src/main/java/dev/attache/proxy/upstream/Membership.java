package dev.attache.proxy.upstream;

import dev.attache.proxy.upstream.host.LoadAssignment;

/** Where one cluster's hosts come from, at work. Main thread. */
interface Membership {

    /** Begins; calls {@code SharedCluster.onMembers} when it knows, perhaps at once. */
    void start();

    /** New endpoints: from EDS, or (for others) never. */
    default void assign(LoadAssignment assignment) {
        throw new IllegalStateException("not an EDS cluster");
    }

    /** Hosts that were kept for their health alone and have lost it leave. */
    default void dropFailed() {}

    /** Ends; no timer stays behind. */
    default void stop() {}
}
