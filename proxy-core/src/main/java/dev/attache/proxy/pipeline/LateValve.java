package dev.attache.proxy.pipeline;

import dev.attache.proxy.connection.Valve;
import org.jspecify.annotations.Nullable;

/**
 * The valve of a response whose source is not known yet: what is held before is held once the
 * source has been named. Loop-confined.
 */
final class LateValve implements Valve {
    private @Nullable Valve source;
    private int holds;

    /** The source, once it is known. */
    @Nullable Valve named() {
        return source;
    }

    /** Names the source; another one (a retry) takes over what is held of the one before. */
    void source(Valve next) {
        Valve before = source;
        source = next;
        for (int i = 0; i < holds; i++) {
            next.hold();
            if (before != null) {
                before.release();
            }
        }
    }

    @Override
    public void hold() {
        holds++;
        if (source != null) {
            source.hold();
        }
    }

    @Override
    public void release() {
        if (holds > 0) {
            holds--;
            if (source != null) {
                source.release();
            }
        }
    }
}
