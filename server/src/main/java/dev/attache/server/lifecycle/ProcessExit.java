package dev.attache.server.lifecycle;

import dev.attache.server.log.Logging;

/**
 * The codes that the process ends with, as {@code --help} lists them, and the way out that works in
 * any state. The JVM's own for an exhausted heap is 3.
 */
public final class ProcessExit {

    /** Asked to end, and ended: a signal, {@code /quitquitquit}, {@code --version}. */
    public static final int DONE = 0;

    /** The command line or the configuration cannot be served. */
    public static final int REFUSED = 1;

    /** A thread ended that the process cannot do without. */
    public static final int LOST_THREAD = 70;

    /** The watchdog ended it, as a shell shows Envoy's abort. */
    public static final int WATCHDOG = 134;

    /** What a shell shows for the end by a signal; the number of the signal comes on top. */
    public static final int SIGNAL = 128;

    /** The same for SIGTERM. */
    public static final int TERMINATED = SIGNAL + 15;

    /** How whoever runs the server wants it to end when it cannot go on. */
    @FunctionalInterface
    public interface Ending {

        /** Ends now; what this thread holds or waits for does not matter any more. */
        void end(int code);
    }

    /** For a process that is one proxy; made at the start, for at the end no class may be had. */
    public static final Ending OF_THE_PROCESS = ProcessExit::now;

    private ProcessExit() {}

    /** Writes what the log holds, for a moment at most, and ends the process without hooks. */
    public static void now(int code) {
        try {
            Logging.flush();
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }
}
