package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.log.ComponentLog;
import org.jspecify.annotations.Nullable;

/** What the component {@code client} says of a pool's connections. */
public final class ClientLog {

    private static final ComponentLog LOG = ComponentLog.CLIENT;

    private ClientLog() {}

    static void connecting(long connection) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection) + "connecting");
        }
    }

    static void connected(Connection connection) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection.info().id()) + "connected");
        }
    }

    static void disconnected(@Nullable Connection connection, long active) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "disconnect. resetting " + active + " pending requests");
        }
    }

    public static void responseComplete(long connection) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection) + "response complete");
        }
    }

    public static void reset(long connection, ResetReason why) {
        if (LOG.debug() && connection >= 0) {
            LOG.debug(ComponentLog.tags(connection) + "Request reset. Reason " + why.text());
        }
    }

    static void goAway(@Nullable Connection connection) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "goaway received");
        }
    }

    static void dispatchError(@Nullable Connection connection, String details) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "Error dispatching received data: " + details);
        }
    }

    private static String tags(@Nullable Connection connection) {
        return connection == null ? "" : ComponentLog.tags(connection.info().id());
    }
}
