package dev.attache.xds;

import org.jspecify.annotations.Nullable;

/**
 * Hears of all streams to control planes and of what comes on them, for whoever is asked later what
 * happened. Called on the main loop.
 */
@FunctionalInterface
public interface UpdateJournal {

    UpdateJournal NONE = (controlPlane, protocol) -> Stream.NONE;

    /**
     * A stream is set up; it is to be opened.
     *
     * @param controlPlane its cluster, target or file
     * @param protocol e.g. {@code ads/delta}
     */
    Stream stream(String controlPlane, String protocol);

    /** One stream through all of its reconnects, or a file. */
    interface Stream {

        Stream NONE = new Stream() {};

        default void connected(boolean is) {}

        /** What the control plane calls itself. */
        default void identifier(String text) {}

        /** It ended, or could not be opened, and will be tried again. */
        default void lost(String detail) {}

        /** It is not used any more. */
        default void closed() {}

        /**
         * A response begins to be taken over.
         *
         * @param nonce empty for files
         * @param resources how many it holds
         */
        default Response response(ResourceType type, String version, String nonce, int resources) {
            return Response.NONE;
        }
    }

    /** One response. What watchers do between {@link #enter} and {@link #leave} is its doing. */
    interface Response {

        Response NONE = new Response() {};

        default void enter() {}

        default void leave() {}

        /**
         * It is taken over.
         *
         * @param error why it is refused, null for an ACK
         */
        default void answered(@Nullable String error) {}
    }
}
