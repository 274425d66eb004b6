package dev.attache.server.plane.version;

import org.jspecify.annotations.Nullable;

/**
 * A resource on its way to another version of the same content, since the code of an extension that
 * it uses is another one now. Main loop only, but for {@link #compile}.
 */
public interface Recompilation {

    /** What it is of, as messages say it. */
    String resource();

    /** Compiles it. Any thread, once, before all that follows. */
    void compile();

    /** Why it does not compile, or null. */
    @Nullable String problem();

    /**
     * Lets what came of it take the place of what serves, unless that is another one meanwhile;
     * null, or why it cannot.
     */
    @Nullable String take();

    /** Nothing is to come of it. */
    void giveUp();
}
