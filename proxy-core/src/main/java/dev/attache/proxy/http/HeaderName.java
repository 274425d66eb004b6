package dev.attache.proxy.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A header name, lower case. Well-known names are single objects with a small id, so that {@link
 * Headers} finds them without comparing text; any other name costs one comparison per header. Made
 * at configuration time, never per request.
 */
public final class HeaderName {

    private static final List<HeaderName> KNOWN = new ArrayList<>();

    public static final HeaderName METHOD = known(":method");
    public static final HeaderName PATH = known(":path");
    public static final HeaderName SCHEME = known(":scheme");
    public static final HeaderName AUTHORITY = known(":authority");
    public static final HeaderName STATUS = known(":status");
    public static final HeaderName PROTOCOL = known(":protocol");
    public static final HeaderName HOST = known("host");
    public static final HeaderName CONNECTION = known("connection");
    public static final HeaderName KEEP_ALIVE = known("keep-alive");
    public static final HeaderName PROXY_CONNECTION = known("proxy-connection");
    public static final HeaderName TRANSFER_ENCODING = known("transfer-encoding");
    public static final HeaderName CONTENT_LENGTH = known("content-length");
    public static final HeaderName CONTENT_TYPE = known("content-type");
    public static final HeaderName UPGRADE = known("upgrade");
    public static final HeaderName TE = known("te");
    public static final HeaderName TRAILER = known("trailer");
    public static final HeaderName EXPECT = known("expect");
    public static final HeaderName DATE = known("date");
    public static final HeaderName SERVER = known("server");
    public static final HeaderName VIA = known("via");
    public static final HeaderName LOCATION = known("location");
    public static final HeaderName COOKIE = known("cookie");
    public static final HeaderName SET_COOKIE = known("set-cookie");
    public static final HeaderName USER_AGENT = known("user-agent");
    public static final HeaderName REFERER = known("referer");
    public static final HeaderName ACCEPT = known("accept");
    public static final HeaderName ACCEPT_ENCODING = known("accept-encoding");
    public static final HeaderName CACHE_CONTROL = known("cache-control");
    public static final HeaderName AUTHORIZATION = known("authorization");
    public static final HeaderName EARLY_DATA = known("early-data");
    public static final HeaderName X_FORWARDED_FOR = known("x-forwarded-for");
    public static final HeaderName X_FORWARDED_PROTO = known("x-forwarded-proto");
    public static final HeaderName X_FORWARDED_HOST = known("x-forwarded-host");
    public static final HeaderName X_FORWARDED_PORT = known("x-forwarded-port");
    public static final HeaderName X_FORWARDED_CLIENT_CERT = known("x-forwarded-client-cert");
    public static final HeaderName X_REQUEST_ID = known("x-request-id");
    public static final HeaderName GRPC_STATUS = known("grpc-status");
    public static final HeaderName GRPC_MESSAGE = known("grpc-message");
    public static final HeaderName GRPC_TIMEOUT = known("grpc-timeout");
    public static final HeaderName X_ENVOY_INTERNAL = known("x-envoy-internal");
    public static final HeaderName X_ENVOY_EXTERNAL_ADDRESS = known("x-envoy-external-address");
    public static final HeaderName X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER =
            known("x-envoy-downstream-service-cluster");
    public static final HeaderName X_ENVOY_DOWNSTREAM_SERVICE_NODE =
            known("x-envoy-downstream-service-node");
    public static final HeaderName X_ENVOY_UPSTREAM_SERVICE_TIME =
            known("x-envoy-upstream-service-time");
    public static final HeaderName X_ENVOY_EXPECTED_RQ_TIMEOUT_MS =
            known("x-envoy-expected-rq-timeout-ms");
    public static final HeaderName X_ENVOY_ATTEMPT_COUNT = known("x-envoy-attempt-count");
    public static final HeaderName X_ENVOY_IS_TIMEOUT_RETRY = known("x-envoy-is-timeout-retry");
    public static final HeaderName X_ENVOY_OVERLOADED = known("x-envoy-overloaded");
    public static final HeaderName X_ENVOY_ORIGINAL_PATH = known("x-envoy-original-path");
    public static final HeaderName X_ENVOY_ORIGINAL_HOST = known("x-envoy-original-host");
    public static final HeaderName X_ENVOY_ORIGINAL_URL = known("x-envoy-original-url");
    public static final HeaderName X_ENVOY_ORIGINAL_DST_HOST = known("x-envoy-original-dst-host");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS =
            known("x-envoy-upstream-rq-timeout-ms");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS =
            known("x-envoy-upstream-rq-per-try-timeout-ms");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE =
            known("x-envoy-upstream-rq-timeout-alt-response");
    public static final HeaderName X_ENVOY_UPSTREAM_STREAM_DURATION_MS =
            known("x-envoy-upstream-stream-duration-ms");
    public static final HeaderName X_ENVOY_UPSTREAM_ALT_STAT_NAME =
            known("x-envoy-upstream-alt-stat-name");
    public static final HeaderName X_ENVOY_UPSTREAM_CANARY = known("x-envoy-upstream-canary");
    public static final HeaderName X_ENVOY_UPSTREAM_HEALTHCHECKED_CLUSTER =
            known("x-envoy-upstream-healthchecked-cluster");
    public static final HeaderName X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL =
            known("x-envoy-immediate-health-check-fail");
    public static final HeaderName X_ENVOY_DEGRADED = known("x-envoy-degraded");
    public static final HeaderName X_ENVOY_RETRY_ON = known("x-envoy-retry-on");
    public static final HeaderName X_ENVOY_RETRY_GRPC_ON = known("x-envoy-retry-grpc-on");
    public static final HeaderName X_ENVOY_MAX_RETRIES = known("x-envoy-max-retries");
    public static final HeaderName X_ENVOY_RETRIABLE_STATUS_CODES =
            known("x-envoy-retriable-status-codes");
    public static final HeaderName X_ENVOY_RETRIABLE_HEADER_NAMES =
            known("x-envoy-retriable-header-names");
    public static final HeaderName X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT =
            known("x-envoy-hedge-on-per-try-timeout");
    public static final HeaderName X_ENVOY_RATELIMITED = known("x-envoy-ratelimited");
    public static final HeaderName X_ENVOY_DECORATOR_OPERATION =
            known("x-envoy-decorator-operation");
    public static final HeaderName X_ENVOY_FORCE_TRACE = known("x-envoy-force-trace");
    public static final HeaderName X_ENVOY_IP_TAGS = known("x-envoy-ip-tags");
    public static final HeaderName X_ENVOY_LOCAL_OVERLOADED = known("x-envoy-local-overloaded");
    public static final HeaderName ALT_SVC = known("alt-svc");
    public static final HeaderName ETAG = known("etag");
    public static final HeaderName LAST_MODIFIED = known("last-modified");
    public static final HeaderName TRACEPARENT = known("traceparent");
    public static final HeaderName TRACESTATE = known("tracestate");
    public static final HeaderName X_CLIENT_TRACE_ID = known("x-client-trace-id");
    public static final HeaderName ORIGIN = known("origin");
    public static final HeaderName ACCESS_CONTROL_REQUEST_HEADERS =
            known("access-control-request-headers");
    public static final HeaderName ACCESS_CONTROL_REQUEST_METHOD =
            known("access-control-request-method");
    public static final HeaderName ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK =
            known("access-control-request-private-network");
    public static final HeaderName ACCESS_CONTROL_ALLOW_ORIGIN =
            known("access-control-allow-origin");
    public static final HeaderName ACCESS_CONTROL_ALLOW_CREDENTIALS =
            known("access-control-allow-credentials");
    public static final HeaderName ACCESS_CONTROL_ALLOW_HEADERS =
            known("access-control-allow-headers");
    public static final HeaderName ACCESS_CONTROL_ALLOW_METHODS =
            known("access-control-allow-methods");
    public static final HeaderName ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK =
            known("access-control-allow-private-network");
    public static final HeaderName ACCESS_CONTROL_EXPOSE_HEADERS =
            known("access-control-expose-headers");
    public static final HeaderName ACCESS_CONTROL_MAX_AGE = known("access-control-max-age");
    public static final HeaderName VARY = known("vary");
    public static final HeaderName AGE = known("age");
    public static final HeaderName EXPIRES = known("expires");
    public static final HeaderName PRAGMA = known("pragma");
    public static final HeaderName CONTENT_ENCODING = known("content-encoding");
    public static final HeaderName GRPC_ACCEPT_ENCODING = known("grpc-accept-encoding");
    public static final HeaderName IF_MATCH = known("if-match");
    public static final HeaderName IF_NONE_MATCH = known("if-none-match");
    public static final HeaderName IF_MODIFIED_SINCE = known("if-modified-since");
    public static final HeaderName IF_UNMODIFIED_SINCE = known("if-unmodified-since");
    public static final HeaderName IF_RANGE = known("if-range");
    public static final HeaderName PROXY_STATUS = known("proxy-status");

    private static final int TABLE_SIZE = 512;
    private static final @Nullable HeaderName[] TABLE = table();

    private final String text;
    private final byte[] bytes;
    private final AsciiString ascii;
    private final int id;

    private HeaderName(String text, int id) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        this.ascii = new AsciiString(bytes, false);
        this.id = id;
    }

    /**
     * Whether a field can have this name: a token (RFC 9110 section 5.6.2), or one with a colon
     * before it, as pseudo-headers have.
     */
    public static boolean isValid(String text) {
        int first = text.startsWith(":") ? 1 : 0;
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return text.length() > first;
    }

    /** The name for {@code text}, lower-cased; the well-known object where there is one. */
    public static HeaderName of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        byte[] bytes = lower.getBytes(StandardCharsets.ISO_8859_1);
        HeaderName known = lookup(bytes, 0, bytes.length, hash(bytes, 0, bytes.length));
        return known != null ? known : new HeaderName(lower, -1);
    }

    /** The well-known name spelled by these lower-case bytes, or null. */
    static @Nullable HeaderName lookup(byte[] source, int offset, int length, int hash) {
        int slot = hash & (TABLE_SIZE - 1);
        HeaderName candidate;
        while ((candidate = TABLE[slot]) != null) {
            if (candidate.matches(source, offset, length)) {
                return candidate;
            }
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        return null;
    }

    /** FNV-1a over the bytes, folded: {@link #HASH_SEED}, {@link #hashStep}, {@link #hashEnd}. */
    static int hash(byte[] source, int offset, int length) {
        int hash = HASH_SEED;
        for (int i = 0; i < length; i++) {
            hash = hashStep(hash, source[offset + i] & 0xff);
        }
        return hashEnd(hash);
    }

    /** Start of the hash that {@link Headers#addSpan} wants; codecs compute it while they scan. */
    public static final int HASH_SEED = 0x811c9dc5;

    public static int hashStep(int hash, int octet) {
        return (hash ^ octet) * 0x01000193;
    }

    public static int hashEnd(int hash) {
        return hash ^ (hash >>> 15);
    }

    static int knownCount() {
        return KNOWN.size();
    }

    static HeaderName known(int id) {
        return KNOWN.get(id);
    }

    private static HeaderName known(String text) {
        HeaderName name = new HeaderName(text, KNOWN.size());
        KNOWN.add(name);
        return name;
    }

    private static @Nullable HeaderName[] table() {
        @Nullable HeaderName[] table = new @Nullable HeaderName[TABLE_SIZE];
        for (HeaderName name : KNOWN) {
            int slot = hash(name.bytes, 0, name.bytes.length) & (TABLE_SIZE - 1);
            while (table[slot] != null) {
                slot = (slot + 1) & (TABLE_SIZE - 1);
            }
            table[slot] = name;
        }
        return table;
    }

    boolean matches(byte[] source, int offset, int length) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != source[offset + i]) {
                return false;
            }
        }
        return true;
    }

    /** Small and dense for well-known names, -1 for others. */
    int id() {
        return id;
    }

    /** Not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    public AsciiString ascii() {
        return ascii;
    }

    public boolean isPseudo() {
        return bytes.length > 0 && bytes[0] == ':';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderName name && name.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
