package dev.attache.proxy.connection;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.log.ComponentLog;
import org.jspecify.annotations.Nullable;

/** What the component {@code connection} says of sockets, in the order of a connection's life. */
public final class ConnectionLog {

    private static final ComponentLog LOG = ComponentLog.CONNECTION;

    private ConnectionLog() {}

    public static void connecting(long connection, Address address) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection) + "connecting to " + address);
        }
    }

    public static void connected(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "connected");
        }
    }

    /**
     * @param error the system's words
     */
    public static void connectError(long connection, String error) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection) + "delayed connect error: " + error);
        }
    }

    static void read(ConnectionInfo info, int bytes) {
        if (LOG.trace()) {
            LOG.trace(tags(info) + "read returns: " + bytes);
        }
    }

    static void writing(Connection connection, boolean end) {
        if (LOG.trace()) {
            LOG.trace(
                    tags(connection.info())
                            + "writing "
                            + unsent(connection)
                            + " bytes, end_stream "
                            + end);
        }
    }

    static void remoteClose(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "remote close");
        }
    }

    static void closing(Connection connection, CloseType type, @Nullable String why) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(connection.info())
                            + "closing data_to_write="
                            + unsent(connection)
                            + " type="
                            + number(type)
                            + (why == null ? "" : " reason=" + why));
        }
    }

    private static long unsent(Connection connection) {
        return connection.bytesSent() - connection.bytesFlushed();
    }

    /** Envoy's numbers. */
    private static int number(CloseType type) {
        return switch (type) {
            case FLUSH_WRITE -> 0;
            case NO_FLUSH -> 1;
            case FLUSH_WRITE_AND_DELAY, FLUSH_WRITE_AND_HOLD -> 2;
            case ABORT_RESET -> 4;
        };
    }

    static void closed(ConnectionInfo info, ConnectionEvent event) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "closing socket: "
                            + (event == ConnectionEvent.LOCAL_CLOSE ? 1 : 0)
                            + (event == ConnectionEvent.REMOTE_RESET
                                    ? " (reset by the peer)"
                                    : ""));
        }
    }

    private static String tags(ConnectionInfo info) {
        return ComponentLog.tags(info.id());
    }
}
