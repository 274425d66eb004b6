package dev.attache.agent.names;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server has under way at others, by where it has left from. Where interception does not
 * leave this process alone such a question comes back, and would be asked again without end. Loop
 * of names only.
 */
final class OwnQuestions {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Set<SocketAddress> datagrams = new HashSet<>();
    private final Set<SocketAddress> connections = new HashSet<>();
    private boolean told;
    private long toldAt;

    /** One leaves. */
    void add(boolean tcp, SocketAddress from) {
        (tcp ? connections : datagrams).add(from);
    }

    /** It is over; nothing where it never left. */
    void remove(boolean tcp, @Nullable SocketAddress from) {
        if (from != null) {
            (tcp ? connections : datagrams).remove(from);
        }
    }

    /** Whether what comes from there is one of them, which the log says once a minute. */
    boolean isBack(boolean tcp, SocketAddress from) {
        if (!(tcp ? connections : datagrams).contains(from)) {
            return false;
        }
        long now = System.nanoTime();
        if (!told || now - toldAt > PAUSE_NANOS) {
            told = true;
            toldAt = now;
            LOG.error(
                    "a question of this agent to a name server came back to it, from {}: what"
                            + " intercepts names has to leave the agent's user or group alone"
                            + " (--proxy-uid, --proxy-gid)",
                    from);
        }
        return true;
    }
}
