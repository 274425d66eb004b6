package dev.attache.filters.istio.metadata;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import org.jspecify.annotations.Nullable;

/**
 * A workload at the other end as filter state, under two names: a struct for expressions and the
 * object for formats. Both are made once for all streams that share the peer. Immutable.
 */
public final class Peer {
    /** What expressions see of who called: {@code filter_state.downstream_peer.workload}. */
    public static final String DOWNSTREAM = "downstream_peer";

    /** What expressions see of who was called. */
    public static final String UPSTREAM = "upstream_peer";

    /** The {@link WorkloadMetadata} of who called. */
    public static final String DOWNSTREAM_OBJECT = "downstream_peer_obj";

    /** The {@link WorkloadMetadata} of who was called. */
    public static final String UPSTREAM_OBJECT = "upstream_peer_obj";

    /** There where metadata exchange is over and has found nobody. */
    public static final String NOT_FOUND = "peer_not_found";

    private static final FilterState.Value NOBODY = new StateValue.Flag(true);

    private final WorkloadMetadata workload;
    private final PeerStruct struct;

    public Peer(WorkloadMetadata workload) {
        this.workload = workload;
        this.struct = new PeerStruct(this, false);
    }

    public WorkloadMetadata workload() {
        return workload;
    }

    /**
     * What is known of the peer on that side: by an exchange on the stream or on its connection.
     *
     * @return null where nothing is
     */
    public static @Nullable WorkloadMetadata of(FilterState state, boolean downstream) {
        return state.get(downstream ? DOWNSTREAM_OBJECT : UPSTREAM_OBJECT)
                        instanceof WorkloadMetadata found
                ? found
                : null;
    }

    /**
     * What somebody has put under a name of its own, as {@link #nodeStruct}.
     *
     * @return null where there is nothing, or something else
     */
    public static @Nullable Peer carried(FilterState state, String key) {
        return state.get(key) instanceof PeerStruct struct ? struct.readAsNode() : null;
    }

    /** The struct of a node, to be stored under any name. */
    public FilterState.Value nodeStruct() {
        return new PeerStruct(this, true);
    }

    /** Whether somebody has looked for peers and found none. */
    public static boolean isMissing(FilterState state) {
        return state.get(NOT_FOUND) != null;
    }

    /** Says that there is none to be found. */
    public static void miss(FilterState state) {
        state.set(NOT_FOUND, NOBODY);
    }

    /** Whether a peer is known on that side. */
    public static boolean isKnown(FilterState state, boolean downstream) {
        return state.get(downstream ? DOWNSTREAM : UPSTREAM) != null;
    }

    /** Puts both objects into the state, in place of what is there. */
    public void store(FilterState state, boolean downstream, FilterState.Sharing sharing) {
        state.set(downstream ? DOWNSTREAM : UPSTREAM, struct, sharing);
        state.set(downstream ? DOWNSTREAM_OBJECT : UPSTREAM_OBJECT, workload, sharing);
    }
}
