package dev.attache.proxy.upstream;

/** The HTTP filters of one cluster on one worker. Loop-confined. */
public interface OpenUpstreamFilters {

    /**
     * Lets an attempt of a call pass them, as a router lets its own. What a client's route says of
     * them does not concern it.
     */
    CallPassage enter(PassingCall attempt);

    /** The cluster is gone: they close with the last request that passes them. */
    void retire();
}
