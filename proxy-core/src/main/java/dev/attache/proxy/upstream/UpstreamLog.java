package dev.attache.proxy.upstream;

import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.upstream.host.HostSet;

/** What the component {@code upstream} says of clusters, their hosts and their health. */
final class UpstreamLog {

    private static final ComponentLog LOG = ComponentLog.UPSTREAM;

    private UpstreamLog() {}

    static void added(String cluster, int worker) {
        if (LOG.debug()) {
            LOG.debug("adding TLS cluster " + cluster + " on worker " + worker);
        }
    }

    static void removed(String cluster, int worker) {
        if (LOG.debug()) {
            LOG.debug("removing TLS cluster " + cluster + " on worker " + worker);
        }
    }

    static void hosts(String cluster, int worker, HostSet hosts) {
        if (LOG.debug()) {
            LOG.debug(
                    "membership update for TLS cluster "
                            + cluster
                            + " on worker "
                            + worker
                            + ", hosts "
                            + hosts.hosts().size());
        }
    }
}
