package dev.attache.proxy.upstream.host;

/**
 * Hears how requests to one host fare (passive health). Told by routers and TCP proxies on their
 * workers; must not block and must not allocate.
 */
public interface OutlierMonitor {

    /** Nobody watches. */
    OutlierMonitor NONE =
            new OutlierMonitor() {
                @Override
                public void onResponse(int worker, int status) {}

                @Override
                public void onLocalEvent(int worker, LocalEvent event) {}
            };

    /** What happened on our side of the connection; Envoy's {@code Outlier::Result}. */
    enum LocalEvent {
        /** A pooled or new connection took the request. */
        CONNECT_SUCCESS,
        /** A TCP connection is there, and nothing more will be known of how it fares. */
        CONNECT_SUCCESS_FINAL,
        /** No connection, or it was reset. */
        CONNECT_FAILED,
        /** No answer in time. */
        TIMEOUT
    }

    /**
     * An answer of the host itself; gRPC statuses are given as the HTTP status they correspond to.
     *
     * @param worker index of the calling worker
     */
    void onResponse(int worker, int status);

    /**
     * @param worker index of the calling worker
     */
    void onLocalEvent(int worker, LocalEvent event);

    /** Whether {@link #onDegraded} means anything, so that nobody looks for the header in vain. */
    default boolean heedsDegraded() {
        return false;
    }

    /** An answer that is no error said {@code x-envoy-degraded}. */
    default void onDegraded() {}

    /**
     * Main thread: the share of good answers in the last interval, in percent; −1 where too few
     * requests came to say.
     *
     * @param local of what happened on our side of the connection, instead of the host's answers
     */
    default double successRate(boolean local) {
        return -1;
    }
}
