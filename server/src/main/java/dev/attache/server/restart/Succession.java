package dev.attache.server.restart;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a serving process does for the one that takes its place. Main loop. */
public interface Succession {

    /** Why nobody may take over at the moment, or null. */
    @Nullable String refusal();

    /** The second of 1970 in which the first epoch began. */
    long firstEpochSeconds();

    /**
     * The admin interface answers no new connections from now on.
     *
     * @return its descriptors, where it listens at {@code address}; they stay this process's
     */
    List<Integer> yieldAdmin(String address);

    /** Descriptors of the listening sockets at {@code address}; they stay this process's. */
    List<Integer> listening(String address);

    /** What has been counted since this was asked last, as {@link StatsTransfer} prints it. */
    String stats();

    /** The other one serves: listening ends, clients are asked to leave. */
    void drain(long childPid);

    /** The time is over. */
    void terminate();

    /**
     * The other one has gone.
     *
     * @param served whether it had taken over; otherwise all is as it was before it came
     */
    void lost(boolean served);
}
