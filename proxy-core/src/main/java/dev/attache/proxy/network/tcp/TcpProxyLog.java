package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** What the component {@code filter} says of a proxied TCP connection. */
final class TcpProxyLog {

    private static final ComponentLog LOG = ComponentLog.FILTER;

    private TcpProxyLog() {}

    static void session(ConnectionInfo downstream) {
        if (LOG.debug()) {
            LOG.debug(tags(downstream) + "new tcp proxy session");
        }
    }

    static void unknownCluster(ConnectionInfo downstream, String cluster) {
        if (LOG.debug()) {
            LOG.debug(tags(downstream) + "Cluster not found " + cluster + ".");
        }
    }

    static void connecting(ConnectionInfo downstream, String cluster, Host host) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(downstream)
                            + "Creating connection to cluster "
                            + cluster
                            + ", host "
                            + host.address());
        }
    }

    static void noHost(ConnectionInfo downstream, String cluster) {
        if (LOG.debug()) {
            LOG.debug(tags(downstream) + "no healthy host in cluster " + cluster);
        }
    }

    static void attached(ConnectionInfo downstream, ConnectionInfo upstream) {
        if (LOG.debug()) {
            LOG.debug(
                    "Attached upstream connection [C"
                            + upstream.id()
                            + "] to downstream connection [C"
                            + downstream.id()
                            + "]");
        }
    }

    static void connectFailed(ConnectionInfo downstream, Object why, @Nullable String reason) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(downstream)
                            + "upstream connection failure: "
                            + why
                            + (reason == null ? "" : ", transport failure reason: " + reason));
        }
    }

    static void timeout(ConnectionInfo downstream, String which) {
        if (LOG.debug()) {
            LOG.debug(tags(downstream) + which);
        }
    }

    static void bytes(ConnectionInfo downstream, String from, int bytes, boolean end) {
        if (LOG.trace()) {
            LOG.trace(
                    tags(downstream)
                            + from
                            + " connection received "
                            + bytes
                            + " bytes, end_stream="
                            + end);
        }
    }

    private static String tags(ConnectionInfo downstream) {
        return ComponentLog.tags(downstream.id());
    }
}
