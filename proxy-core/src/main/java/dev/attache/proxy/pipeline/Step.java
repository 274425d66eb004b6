package dev.attache.proxy.pipeline;

/** What a filter says after it has seen a part of a message. */
public enum Step {
    /** Pass it on. */
    CONTINUE,
    /**
     * Hold it, and everything after it, until {@link FilterContext#resume}. Body that arrives
     * meanwhile waits in front of this filter up to the buffer limit, then the source is held back.
     * A filter that asked {@link FilterContext#streamWhilePaused} sees the body all the same.
     */
    PAUSE,
    /**
     * Gather the whole body, then call {@code on…Data} once with all of it (or {@code on…Trailers}
     * after it); headers wait and may be changed until then. More than the limit: 413, or 500 for a
     * response.
     */
    BUFFER,
    /** Dealt with: the filter answered the request, or took this part over and will inject. */
    DONE
}
