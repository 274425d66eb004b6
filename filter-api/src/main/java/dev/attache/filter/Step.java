package dev.attache.filter;

/** What a streaming filter says after it has seen a part of a message. */
@Stable(since = "0.1")
public enum Step {
    /** Pass it on. */
    CONTINUE,
    /**
     * Hold it, and everything after it, until {@link StreamingContext#resume}. Body that arrives
     * meanwhile waits up to the buffer limit, then its source is held back.
     */
    PAUSE,
    /**
     * Gather the whole body, then show it in one call; heads wait and may be changed until then.
     * More than the buffer limit is answered 413, of a response 500.
     */
    BUFFER,
    /**
     * Dealt with: the filter has answered, or drops this part, or passes on others in its place.
     */
    DONE
}
