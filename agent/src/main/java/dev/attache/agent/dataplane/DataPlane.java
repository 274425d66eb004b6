package dev.attache.agent.dataplane;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The proxy that the agent runs. All calls may block, none longer than the limit that they take or
 * a few seconds: for virtual threads. Any thread.
 */
public interface DataPlane {

    /**
     * Ends a proxy that an agent before this one has left, and waits for it: before anybody is told
     * how this one does, for the other answers at the same ports.
     */
    default void endPrevious() {}

    /**
     * Starts it and returns; what it comes to is told by {@link #ended}.
     *
     * @throws IOException if it cannot be started at all
     */
    void start() throws IOException;

    /**
     * Asks the admin interface.
     *
     * @param target path and query
     * @return the body of an answer of 200
     * @throws IOException when nobody answers in time, or not with 200
     */
    String adminGet(String target, Duration limit) throws IOException;

    /**
     * Its statistics for Prometheus. The caller closes what is returned.
     *
     * @param query as it came, without the question mark; may be empty
     * @param accept what the asker takes
     * @throws IOException as above
     */
    InputStream prometheus(String query, PrometheusAsker accept, Duration limit) throws IOException;

    /**
     * {@code POST /drain_listeners}: clients are asked to leave.
     *
     * @param inboundOnly only where others come in
     * @param skipExit listening goes on
     * @throws IOException when nobody answers
     */
    void drain(boolean inboundOnly, boolean skipExit) throws IOException;

    /** How it ended; completes once, on some thread. */
    CompletableFuture<Ended> ended();

    /** Ends it at once, as SIGKILL does; {@link #ended} completes. */
    void kill();

    /** What goes with the question for statistics; empty where it was not said. */
    record PrometheusAsker(String accept, String userAgent, String timeoutSeconds) {}

    /**
     * The end of a proxy.
     *
     * @param reason empty for an orderly one; otherwise as Go writes the end of a process: {@code
     *     exit status 1}, {@code signal: killed}
     */
    record Ended(String reason) {

        /** Killed by a signal that nobody here sent: the kernel's, when memory runs out. */
        public boolean killed() {
            return reason.equals("signal: killed");
        }
    }
}
