package dev.attache.proxy.overload;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A place in the life of a connection or stream where it may be given up for the others' sake. */
public enum LoadShedPoint {

    /** An accepted TCP connection is closed before its listener filters. */
    TCP_LISTENER_ACCEPT,

    /** The first bytes of a connection come to an HTTP connection manager: it is closed. */
    HCM_ONDATA_CREATING_CODEC,

    /** A request's headers are there and no filter has seen them: 503. */
    HTTP_CONNECTION_MANAGER_DECODE_HEADERS,

    /** Bytes come for an HTTP/1 server codec: 500 where nothing was answered yet, and the end. */
    HTTP1_SERVER_ABORT_DISPATCH,

    /** Bytes come for an HTTP server codec: GOAWAY or {@code connection: close}; streams go on. */
    HTTP2_SERVER_GO_AWAY_ON_DISPATCH,

    /** Bytes come for an HTTP server codec: GOAWAY and the end. */
    HTTP2_SERVER_GO_AWAY_AND_CLOSE_ON_DISPATCH,

    /** The router is about to make an upstream request: 503. */
    HTTP_DOWNSTREAM_FILTER_CHECK,

    /** A pool needs a new connection and gets none. */
    CONNECTION_POOL_NEW_CONNECTION,

    /** The TCP proxy is about to connect upstream. */
    TCP_PROXY_UPSTREAM_CONNECT,

    /** Bytes come for the TCP proxy. */
    TCP_PROXY_ON_DATA;

    private static final String PREFIX = "envoy.load_shed_points.";

    private final String configName = PREFIX + name().toLowerCase(Locale.ROOT);

    /** As configuration and statistics call it. */
    public String configName() {
        return configName;
    }

    /** The point of a configured name, or null where there is none here. */
    public static @Nullable LoadShedPoint named(String configName) {
        for (LoadShedPoint point : values()) {
            if (point.configName.equals(configName)) {
                return point;
            }
        }
        return null;
    }
}
