package dev.attache.proxy.listener;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.log.ComponentLog;

/** What the component {@code conn_handler} says of accepted connections. */
final class HandlerLog {

    private static final ComponentLog LOG = ComponentLog.CONN_HANDLER;

    private HandlerLog() {}

    static void accepted(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(info.id()) + "new connection from " + info.remoteAddress());
        }
    }

    static void noFilterChain(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(
                    ComponentLog.tags(info.id())
                            + "closing connection: no matching filter chain found");
        }
    }

    static void abandoned(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(info.id()) + "closing connection in its listener filters");
        }
    }

    /** A filter's configuration is to be discovered, and is not there. */
    static void missingConfiguration() {
        if (ComponentLog.CONFIG.debug()) {
            ComponentLog.CONFIG.debug(
                    "New connection accepted while missing configuration. Close socket and stop"
                            + " the iteration onAccept.");
        }
    }

    static void gone(ConnectionInfo info) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(info.id()) + "adding to cleanup list");
        }
    }
}
