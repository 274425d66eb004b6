package dev.attache.filters.jwks;

import dev.attache.filters.jwt.Jwks;
import dev.attache.filters.jwt.JwtException;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.route.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where a key set is fetched and how long it is good. Immutable; equal ones are the same set.
 *
 * @param uri as configured
 * @param host with its port, if the URI has one
 * @param path with the query
 * @param retry null = never
 * @param cacheMillis how long it is used
 * @param refresh null = it is fetched when it is needed
 */
public record RemoteKeySet(
        String uri,
        String cluster,
        String scheme,
        String host,
        String path,
        long timeoutMillis,
        @Nullable RetryPolicy retry,
        long cacheMillis,
        @Nullable Refresh refresh) {

    /**
     * {@code async_fetch}: it is fetched before it is needed.
     *
     * @param fastListener the listener does not wait for the first attempt
     * @param failedMillis when to try again after an attempt that failed
     */
    public record Refresh(boolean fastListener, long failedMillis) {}

    /** What a response brought: the keys, or why there are none. */
    public record Fetched(@Nullable Jwks keys, String problem) {}

    /** Of a set. Sets have some kilobytes; each of their keys may be tried on each token. */
    private static final long MAX_BYTES = 1 << 20;

    /** The head of the request; the caller's to keep. */
    public Headers request() {
        Headers head = new Headers(MessagePart.REQUEST, 256, 12);
        head.add(HeaderName.METHOD, "GET");
        head.add(HeaderName.SCHEME, scheme);
        head.add(HeaderName.AUTHORITY, host);
        head.add(HeaderName.PATH, path);
        // The name by which Envoy's fetcher goes since its first days; servers may ask for it.
        head.add(HeaderName.USER_AGENT, "Go-browser");
        return head;
    }

    public CallOptions options() {
        return CallOptions.DEFAULT.limits(0, MAX_BYTES).timeout(timeoutMillis).retry(retry);
    }

    /** The keys in a response, which must have the status 200. */
    public Fetched read(Headers head, byte[] body) {
        String status = head.getOr(HeaderName.STATUS, "");
        if (!status.equals("200")) {
            return new Fetched(null, "status " + status);
        }
        if (body.length == 0) {
            return new Fetched(null, "an empty response");
        }
        try {
            return new Fetched(Jwks.parse(body), "");
        } catch (JwtException e) {
            return new Fetched(null, e.status().text());
        }
    }
}
