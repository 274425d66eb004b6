package dev.attache.proxy.worker;

import org.jspecify.annotations.Nullable;

/**
 * Told when a thread ends that the process cannot do without: a loop, a writer of logs. Called on
 * the ending thread itself, once, and not while whoever started it shuts it down.
 */
@FunctionalInterface
public interface LostThread {

    /** For those who look at their threads themselves. */
    LostThread UNNOTICED = (thread, why) -> {};

    /**
     * @param why what ended it, or null where it ended without an error that is known
     */
    void lost(Thread thread, @Nullable Throwable why);
}
