package dev.attache.filter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request of a filter's own to a cluster: it takes the cluster's balancer, circuit breakers,
 * connections, retries and statistics. Immutable; each method that changes something gives another
 * one, so one may be made when the filter opens and used by all streams.
 */
@Evolving(since = "0.1")
public final class CallRequest {

    private final String cluster;
    private final boolean grpc;
    private final String method;
    private final String path;
    private final String authority;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;
    private final Duration timeout;
    private final int maxResponseBytes;

    private CallRequest(
            String cluster,
            boolean grpc,
            String method,
            String path,
            String authority,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            Duration timeout,
            int maxResponseBytes) {
        this.cluster = cluster;
        this.grpc = grpc;
        this.method = method;
        this.path = path;
        this.authority = authority;
        this.headers = headers;
        this.body = body;
        this.timeout = timeout;
        this.maxResponseBytes = maxResponseBytes;
    }

    /**
     * A request in HTTP; without a body, for at most 5 seconds, until that is changed.
     *
     * @param cluster its name
     * @param path with query, percent-encoded
     * @throws IllegalArgumentException method or path could not stand in a request line
     */
    public static CallRequest http(String cluster, String method, String path) {
        if (method.isEmpty() || !plain(method)) {
            throw new IllegalArgumentException("not a method: " + method);
        }
        if (!path.startsWith("/") || !plain(path)) {
            throw new IllegalArgumentException(
                    "not a path, which begins with / and has no spaces or controls: " + path);
        }
        return new CallRequest(
                cluster,
                false,
                method,
                path,
                cluster,
                List.of(),
                new byte[0],
                Duration.ofSeconds(5),
                1 << 20);
    }

    /**
     * One message of gRPC for another; for at most 5 seconds until that is changed.
     *
     * @param method {@code package.Service/Method}
     * @param message its bytes, without a frame; not to be changed afterwards
     */
    public static CallRequest grpc(String cluster, String method, byte[] message) {
        return new CallRequest(
                cluster,
                true,
                "POST",
                method,
                cluster,
                List.of(),
                message,
                Duration.ofSeconds(5),
                1 << 20);
    }

    /** Without spaces and controls. */
    private static boolean plain(String text) {
        return text.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
    }

    /**
     * {@code :authority}; the cluster's name until it is changed.
     *
     * @throws IllegalArgumentException there is a space or a control character in it
     */
    public CallRequest authority(String host) {
        if (!plain(host)) {
            throw new IllegalArgumentException("not an authority: " + host);
        }
        return new CallRequest(
                cluster, grpc, method, path, host, headers, body, timeout, maxResponseBytes);
    }

    /** One header more. */
    public CallRequest header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new CallRequest(
                cluster,
                grpc,
                method,
                path,
                authority,
                List.copyOf(more),
                body,
                timeout,
                maxResponseBytes);
    }

    /**
     * @param bytes the whole body, or the message of gRPC; not to be changed afterwards
     */
    public CallRequest body(byte[] bytes) {
        return new CallRequest(
                cluster, grpc, method, path, authority, headers, bytes, timeout, maxResponseBytes);
    }

    /**
     * @param most until the whole answer has come; zero: as long as the stream lives
     */
    public CallRequest timeout(Duration most) {
        return new CallRequest(
                cluster, grpc, method, path, authority, headers, body, most, maxResponseBytes);
    }

    /** How much of an answer's body is taken, in bytes; 1 MiB until it is changed. */
    public CallRequest maxResponseBytes(int most) {
        return new CallRequest(
                cluster, grpc, method, path, authority, headers, body, timeout, most);
    }

    public String cluster() {
        return cluster;
    }

    public boolean isGrpc() {
        return grpc;
    }

    public String method() {
        return method;
    }

    /** The path, or {@code package.Service/Method}. */
    public String path() {
        return path;
    }

    public String authority() {
        return authority;
    }

    /** In order. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** Not to be changed. */
    public byte[] body() {
        return body;
    }

    public Duration timeout() {
        return timeout;
    }

    public int maxResponseBytes() {
        return maxResponseBytes;
    }
}
