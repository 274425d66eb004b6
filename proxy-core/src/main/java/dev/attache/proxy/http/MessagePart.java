package dev.attache.proxy.http;

import java.util.List;

/**
 * The part of an exchange that fields belong to. It decides which names are one value: where
 * several fields of such a name come, or one is added to what is there, the values are joined with
 * a comma, and an empty one leaves no trace. These are the names that Envoy keeps in a slot of
 * their own, found by sending every name twice; any other name keeps its fields apart. RFC 9110
 * section 5.3 allows both.
 *
 * <p>{@code content-length} and {@code transfer-encoding} are not among them: codecs judge how many
 * there are. {@code cookie} is joined by HTTP/2, with a semicolon.
 */
public enum MessagePart {
    REQUEST(
            List.of(
                    HeaderName.X_CLIENT_TRACE_ID,
                    HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER,
                    HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_NODE,
                    HeaderName.X_ENVOY_EXTERNAL_ADDRESS,
                    HeaderName.X_ENVOY_FORCE_TRACE,
                    HeaderName.X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT,
                    HeaderName.X_ENVOY_INTERNAL,
                    HeaderName.X_ENVOY_IP_TAGS,
                    HeaderName.X_ENVOY_RETRY_ON,
                    HeaderName.X_ENVOY_RETRY_GRPC_ON,
                    HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES,
                    HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES,
                    HeaderName.X_ENVOY_IS_TIMEOUT_RETRY,
                    HeaderName.X_ENVOY_ORIGINAL_HOST,
                    HeaderName.X_ENVOY_ORIGINAL_PATH,
                    HeaderName.X_ENVOY_ORIGINAL_URL,
                    HeaderName.X_ENVOY_UPSTREAM_ALT_STAT_NAME,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE,
                    HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS,
                    HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS,
                    HeaderName.X_ENVOY_MAX_RETRIES,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS,
                    HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS,
                    HeaderName.EXPECT,
                    HeaderName.X_FORWARDED_CLIENT_CERT,
                    HeaderName.X_FORWARDED_FOR,
                    HeaderName.X_FORWARDED_HOST,
                    HeaderName.X_FORWARDED_PORT,
                    HeaderName.X_FORWARDED_PROTO,
                    HeaderName.GRPC_TIMEOUT,
                    HeaderName.TE,
                    HeaderName.USER_AGENT,
                    HeaderName.ACCEPT,
                    HeaderName.ACCEPT_ENCODING,
                    HeaderName.ACCESS_CONTROL_REQUEST_HEADERS,
                    HeaderName.ACCESS_CONTROL_REQUEST_METHOD,
                    HeaderName.ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK,
                    HeaderName.AUTHORIZATION,
                    HeaderName.CACHE_CONTROL,
                    HeaderName.CONTENT_ENCODING,
                    HeaderName.GRPC_ACCEPT_ENCODING,
                    HeaderName.IF_MATCH,
                    HeaderName.IF_MODIFIED_SINCE,
                    HeaderName.IF_NONE_MATCH,
                    HeaderName.IF_RANGE,
                    HeaderName.IF_UNMODIFIED_SINCE,
                    HeaderName.ORIGIN,
                    HeaderName.PRAGMA,
                    HeaderName.REFERER),
            true),
    RESPONSE(
            List.of(
                    HeaderName.DATE,
                    HeaderName.LOCATION,
                    HeaderName.SERVER,
                    HeaderName.GRPC_MESSAGE,
                    HeaderName.GRPC_STATUS,
                    HeaderName.X_ENVOY_DEGRADED,
                    HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL,
                    HeaderName.X_ENVOY_RATELIMITED,
                    HeaderName.X_ENVOY_UPSTREAM_CANARY,
                    HeaderName.X_ENVOY_UPSTREAM_HEALTHCHECKED_CLUSTER,
                    HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME,
                    HeaderName.ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderName.ACCESS_CONTROL_ALLOW_HEADERS,
                    HeaderName.ACCESS_CONTROL_ALLOW_METHODS,
                    HeaderName.ACCESS_CONTROL_ALLOW_ORIGIN,
                    HeaderName.ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK,
                    HeaderName.ACCESS_CONTROL_EXPOSE_HEADERS,
                    HeaderName.ACCESS_CONTROL_MAX_AGE,
                    HeaderName.AGE,
                    HeaderName.CACHE_CONTROL,
                    HeaderName.CONTENT_ENCODING,
                    HeaderName.ETAG,
                    HeaderName.EXPIRES,
                    HeaderName.LAST_MODIFIED,
                    HeaderName.VARY),
            true),
    REQUEST_TRAILERS(List.of(), false),
    RESPONSE_TRAILERS(List.of(HeaderName.GRPC_MESSAGE, HeaderName.GRPC_STATUS), false),
    /** Fields that are no message: nothing joins. */
    NONE(List.of(), false);

    /** By id of a well-known name. */
    private final boolean[] joins = new boolean[HeaderName.knownCount()];

    MessagePart(List<HeaderName> own, boolean head) {
        own.forEach(name -> joins[name.id()] = true);
        if (head) {
            headNames().forEach(name -> joins[name.id()] = true);
        }
    }

    /** What both heads have. */
    private static List<HeaderName> headNames() {
        return List.of(
                HeaderName.CONNECTION,
                HeaderName.KEEP_ALIVE,
                HeaderName.PROXY_CONNECTION,
                HeaderName.UPGRADE,
                HeaderName.CONTENT_TYPE,
                HeaderName.PROXY_STATUS,
                HeaderName.VIA,
                HeaderName.X_REQUEST_ID,
                HeaderName.X_ENVOY_ATTEMPT_COUNT,
                HeaderName.X_ENVOY_DECORATOR_OPERATION);
    }

    /** Whether fields of that name are one value. */
    public boolean joins(HeaderName name) {
        return name.id() >= 0 && joins[name.id()];
    }

    boolean joins(int id) {
        return joins[id];
    }
}
