package dev.attache.proxy.pipeline;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import org.jspecify.annotations.Nullable;

/** What one filter holds of a message. Made when it first pauses; owned by its {@link Flow}. */
final class Hold {
    boolean held;
    boolean buffering;
    boolean streaming;

    /** The filter has ended the message by itself. */
    boolean ended;

    @Nullable Headers headers;
    boolean headersEnd;

    /** Not yet shown to the filter. */
    @Nullable KeptBody before;

    boolean beforeEnd;

    /** Shown to it, waiting to go on. */
    @Nullable KeptBody behind;

    boolean behindEnd;
    @Nullable Headers trailersBefore;
    @Nullable Headers trailersBehind;
    boolean holdsSource;

    long size() {
        return (before == null ? 0 : before.size()) + (behind == null ? 0 : behind.size());
    }

    void release() {
        if (before != null) {
            before.release();
            before = null;
        }
        if (behind != null) {
            behind.release();
            behind = null;
        }
    }
}
