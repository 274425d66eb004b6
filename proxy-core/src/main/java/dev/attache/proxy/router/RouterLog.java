package dev.attache.proxy.router;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderLines;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** What the component {@code router} says of one request, in the order of its life. */
final class RouterLog {

    private static final ComponentLog LOG = ComponentLog.ROUTER;

    private RouterLog() {}

    static void noRoute(StreamInfo info, Headers request) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "no route match for URL '" + url(request) + "'");
        }
    }

    static void clusterMatch(StreamInfo info, String cluster, Headers request) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info) + "cluster '" + cluster + "' match for URL '" + url(request) + "'");
        }
    }

    static void unknownCluster(StreamInfo info, String cluster) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "unknown cluster '" + cluster + "'");
        }
    }

    static void noHost(StreamInfo info, String cluster) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "no healthy host for cluster '" + cluster + "'");
        }
    }

    /** What will be sent upstream. */
    static void request(StreamInfo info, Headers request) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "router decoding headers:\n" + HeaderLines.of(request));
        }
    }

    /** The host chosen for an attempt. */
    static void hostChosen(StreamInfo info, Host host) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "attempt "
                            + info.attemptCount
                            + " goes to host "
                            + host.address()
                            + (host.hostname().isEmpty() ? "" : " (" + host.hostname() + ")"));
        }
    }

    static void poolReady(StreamInfo info, ConnectionInfo upstream) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "pool ready");
            LOG.debug(
                    "Attached upstream connection [C"
                            + upstream.id()
                            + "] to downstream connection [C"
                            + info.downstream().id()
                            + "]");
        }
    }

    static void responseHeaders(StreamInfo info, Headers response, boolean end) {
        if (LOG.trace()) {
            LOG.trace(
                    tags(info)
                            + "end_stream: "
                            + end
                            + ", upstream response headers:\n"
                            + HeaderLines.of(response));
        }
        if (LOG.debug()) {
            LOG.debug(tags(info) + "upstream headers complete: end_stream=" + end);
        }
    }

    static void reset(StreamInfo info, ResetReason why, @Nullable String transportFailure) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "upstream reset: reset reason: "
                            + why.text()
                            + ", transport failure reason: "
                            + (transportFailure == null ? "" : transportFailure));
        }
    }

    static void retrying(StreamInfo info) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "performing retry");
        }
    }

    static void timeout(StreamInfo info, String which) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + which);
        }
    }

    static void redirected(StreamInfo info, boolean followed) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "internal redirect " + (followed ? "succeeded" : "failed"));
        }
    }

    private static String url(Headers request) {
        return request.getOr(HeaderName.PATH, "");
    }

    private static String tags(StreamInfo info) {
        return ComponentLog.tags(info.downstream().id(), info.random);
    }
}
