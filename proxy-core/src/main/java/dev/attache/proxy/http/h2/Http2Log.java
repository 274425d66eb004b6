package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.log.ComponentLog;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** What the component {@code http2} says of streams and of what breaks the protocol. */
final class Http2Log {

    private static final ComponentLog LOG = ComponentLog.HTTP2;

    private Http2Log() {}

    static void reset(ConnectionInfo connection, long stream, Http2Error error) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "sent reset code=" + error.code() + ", stream " + stream);
        }
    }

    static void flushTimeout(ConnectionInfo connection, long stream) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "pending stream flush timeout, stream " + stream);
        }
    }

    static void connectionError(
            ConnectionInfo connection, @Nullable Http2Error error, String details) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "connection error: " + error + ", details: " + details);
        }
    }

    static void badMessage(ConnectionInfo connection, long stream, String details) {
        if (LOG.debug()) {
            LOG.debug(tags(connection) + "invalid message on stream " + stream + ": " + details);
        }
    }

    static void goAway(ConnectionInfo connection, int lastStream, long error) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(connection)
                            + "recv goaway: last stream "
                            + lastStream
                            + ", error "
                            + error);
        }
    }

    private static String tags(ConnectionInfo connection) {
        return ComponentLog.tags(connection.id());
    }
}
