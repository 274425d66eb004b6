package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderLines;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.stream.StreamInfo;

/** What the component {@code http} says of downstream connections and streams. */
final class HttpLog {

    private static final ComponentLog LOG = ComponentLog.HTTP;

    private HttpLog() {}

    static void newStream(ConnectionInfo connection) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection.id()) + "new stream");
        }
    }

    static void requestHeaders(StreamInfo info, Headers headers, boolean end) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "request headers complete (end_stream="
                            + end
                            + "):\n"
                            + HeaderLines.of(headers));
        }
    }

    static void requestEnd(StreamInfo info) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "request end stream timestamp recorded");
        }
    }

    static void keepAliveDisabled(ConnectionInfo connection) {
        if (LOG.debug()) {
            LOG.debug(
                    ComponentLog.tags(connection.id())
                            + "disabling keepalive due to envoy overload");
        }
    }

    static void heldBy(StreamInfo info, String filter) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "filter '" + filter + "' holds the stream and did not go on");
        }
    }

    static void localReply(StreamInfo info, String details) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "Sending local reply with details " + details);
        }
    }

    static void responseHeaders(StreamInfo info, Headers headers, boolean end) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "encoding headers via codec (end_stream="
                            + end
                            + "):\n"
                            + HeaderLines.of(headers));
        }
    }

    static void responseData(StreamInfo info, int bytes, boolean end) {
        if (LOG.trace()) {
            LOG.trace(
                    tags(info)
                            + "encoding data via codec (size="
                            + bytes
                            + " end_stream="
                            + end
                            + ")");
        }
    }

    static void responseTrailers(StreamInfo info, Headers trailers) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "encoding trailers via codec:\n" + HeaderLines.of(trailers));
        }
    }

    static void complete(StreamInfo info) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "Codec completed encoding stream.");
        }
    }

    static void reset(StreamInfo info, ResetReason why) {
        if (LOG.debug()) {
            String details = info.responseCodeDetails();
            LOG.debug(
                    tags(info)
                            + "stream reset: reset reason: "
                            + why.text()
                            + ", response details: "
                            + (details == null ? "-" : details));
        }
    }

    static void givenUp(StreamInfo info) {
        if (LOG.debug()) {
            LOG.debug(
                    tags(info)
                            + "Resetting stream due to "
                            + info.responseCodeDetails()
                            + ". Prior headers have already been sent");
        }
    }

    static void dispatchError(ConnectionInfo connection, String details) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection.id()) + "dispatch error: " + details);
        }
    }

    static void brokenMessage(StreamInfo info, String details) {
        if (LOG.debug()) {
            LOG.debug(tags(info) + "dispatch error: " + details);
        }
    }

    static void timeout(ConnectionInfo connection, String which) {
        if (LOG.debug()) {
            LOG.debug(ComponentLog.tags(connection.id()) + which);
        }
    }

    private static String tags(StreamInfo info) {
        return ComponentLog.tags(info.downstream().id(), info.random);
    }
}
