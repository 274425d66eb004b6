package dev.attache.config.extension;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the main loop does for a listener before it serves and while it lives: keys that are
 * fetched, and fetched again. A factory makes it while it compiles and {@linkplain
 * CompileAttachments#prepares hands it over}; it is started once, when its version of the listener
 * begins to warm, and closed with that version. A configuration that is only validated, or refused,
 * starts none. Main loop only.
 */
public interface Preparation {

    /** What is waited for, as {@code /init_dump} shows it. */
    String name();

    /** Whether the listener waits for it. */
    Waiting waiting();

    /**
     * Begins.
     *
     * @param outcome hears how the first attempt ended, once; also before this returns
     */
    void start(PreparationScope scope, Outcome outcome);

    /** Ends: nothing comes afterwards. Also called when it has not been started. */
    void close();

    /** Who hears how the first attempt ended. */
    interface Outcome {
        void ready();

        /**
         * @param why for the log and for {@code /config_dump}
         */
        void failed(String why);
    }

    /**
     * How a listener waits.
     *
     * @param waits whether it does at all
     * @param atMost how long, or null: until the first attempt has ended
     * @param servesWithout what a failure means, or that it took too long: the listener serves all
     *     the same, or that version of it is refused and what served before goes on
     */
    record Waiting(boolean waits, @Nullable Duration atMost, boolean servesWithout) {

        /** The listener does not wait. */
        public static final Waiting NONE = new Waiting(false, null, true);

        /** Until there was an attempt, however it ended: as Envoy's init targets. */
        public static final Waiting FOR_AN_ATTEMPT = new Waiting(true, null, true);

        /** Until it has succeeded, or the version is given up. */
        public static Waiting forSuccess(Duration atMost) {
            return new Waiting(true, atMost, false);
        }
    }
}
