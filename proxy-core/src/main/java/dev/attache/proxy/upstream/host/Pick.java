package dev.attache.proxy.upstream.host;

/**
 * What a load balancer answers: a {@link Host}, or why there is none. A host is its own answer, so
 * that picking allocates nothing.
 */
public sealed interface Pick permits Host, Pick.None, Pick.Nowhere, Pick.Later {

    /** No host. */
    enum None implements Pick {
        /** Every host is gone, unhealthy or skipped; the request gets 503 UH. */
        NO_HEALTHY_UPSTREAM
    }

    /**
     * No host, for a reason of its own.
     *
     * @param details Envoy's response code details
     */
    record Nowhere(String details) implements Pick {}

    /** There may be a host soon; an answer for those alone who say that they wait. */
    non-sealed interface Later extends Pick {

        /**
         * Waits, once.
         *
         * @param then runs on the worker, later, when it is time to pick again
         * @return gives up: {@code then} does not run; nothing afterwards
         */
        Runnable await(Runnable then);
    }
}
