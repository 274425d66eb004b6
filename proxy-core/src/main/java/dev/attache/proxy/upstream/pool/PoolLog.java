package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** What the component {@code pool} says of streams that look for a connection. */
final class PoolLog {

    private static final ComponentLog LOG = ComponentLog.POOL;

    private PoolLog() {}

    static void queueing(Host host, int waiting, int connections) {
        if (LOG.debug()) {
            LOG.debug(
                    "queueing stream due to no available connections (waiting="
                            + waiting
                            + " connections="
                            + connections
                            + ") for "
                            + host.address());
        }
    }

    static void overflow(Host host) {
        if (LOG.debug()) {
            LOG.debug("max pending streams overflow for " + host.address());
        }
    }

    static void creating(Host host) {
        if (LOG.debug()) {
            LOG.debug("creating a new connection to " + host.address());
        }
    }

    static void noNewConnection(Host host) {
        if (LOG.debug()) {
            LOG.debug("not creating a new connection to " + host.address() + ", limit reached");
        }
    }

    static void existing(@Nullable Connection connection) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "using existing fully connected connection");
        }
    }

    static void attaching(@Nullable Connection connection) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "attaching to next stream");
        }
    }

    static void streamCreated(@Nullable Connection connection) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "creating stream");
        }
    }

    static void streamDestroyed(@Nullable Connection connection, long active) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "destroying stream: " + active + " active remaining");
        }
    }

    static void draining(@Nullable Connection connection) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "draining connection: no more streams on it");
        }
    }

    static void disconnected(@Nullable Connection connection) {
        if (LOG.debug()) {
            String reason = connection == null ? null : connection.info().transportFailureReason();
            LOG.debug(
                    tags(connection)
                            + "client disconnected, failure reason: "
                            + (reason == null ? "" : reason));
        }
    }

    static void connectFailed(Host host, PoolFailure why, @Nullable String reason) {
        if (LOG.debug()) {
            LOG.debug(
                    "client disconnected, failure reason: "
                            + (reason == null ? why : reason)
                            + ", host "
                            + host.address());
        }
    }

    static void timeout(@Nullable Connection connection, String which) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + which);
        }
    }

    private static String tags(@Nullable Connection connection) {
        return connection == null ? "" : ComponentLog.tags(connection.info().id());
    }
}
