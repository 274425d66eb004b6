package dev.attache.proxy.attempt;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.SetCookie;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.HashPolicy;
import dev.attache.proxy.route.RouteAction.HashPolicy.Source;
import dev.attache.proxy.route.match.CookieMatcher;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.lb.hash.XxHash64;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a request for consistent balancers ({@code HashPolicyImpl::generateHash}), and the
 * cookies that a generated one needs. Owned by one router; loop-confined.
 */
public final class HashPolicies {

    private final List<String> cookies = new ArrayList<>(1);
    private final boolean makesCookies;

    /**
     * @param makesCookies whether a cookie that the request does not have is made up
     */
    public HashPolicies(boolean makesCookies) {
        this.makesCookies = makesCookies;
    }

    /**
     * What draws one of weighted clusters: with {@code use_hash_policy} the hash of the route's
     * policies where they give one, otherwise the stream's random value.
     */
    public static long drawing(RouteAction.Forward action, Headers request, StreamInfo info) {
        if (action.cluster() instanceof RouteAction.ClusterChoice.Weighted weighted
                && weighted.useHashPolicy()) {
            Long hash = new HashPolicies(false).compute(action.hashPolicies(), request, info);
            return hash == null ? info.random : hash;
        }
        return info.random;
    }

    /** {@code set-cookie} values to add to the response. */
    public List<String> cookiesToSet() {
        return cookies;
    }

    /**
     * The combined hash, or null where no policy produced one.
     *
     * @param info of the client's stream, or null where there is none
     */
    public @Nullable Long compute(
            List<HashPolicy> policies, Headers request, @Nullable StreamInfo info) {
        Long hash = null;
        for (HashPolicy policy : policies) {
            Long one = one(policy.source(), request, info);
            if (one != null) {
                hash = hash == null ? one : Long.rotateLeft(hash, 1) ^ one;
            }
            if (policy.terminal() && hash != null) {
                break;
            }
        }
        return hash;
    }

    private @Nullable Long one(Source source, Headers request, @Nullable StreamInfo info) {
        if (source instanceof Source.Header header) {
            return ofHeader(header, request);
        }
        String key = key(source, request, info);
        return key == null ? null : hash(key, 0);
    }

    /** Every value counts, and their order does not: each is hashed on from the one before. */
    private static @Nullable Long ofHeader(Source.Header header, Headers request) {
        int i = request.indexOf(header.name());
        if (i < 0) {
            return null;
        }
        int next = request.indexOf(header.name(), i + 1);
        if (next < 0) {
            return hash(rewritten(header, request.value(i)), 0);
        }
        List<String> values = new ArrayList<>();
        for (; i >= 0; i = request.indexOf(header.name(), i + 1)) {
            values.add(rewritten(header, request.value(i)));
        }
        Collections.sort(values);
        long hash = 0;
        for (String value : values) {
            hash = hash(value, hash);
        }
        return hash;
    }

    private static String rewritten(Source.Header header, String value) {
        return header.regex() == null
                ? value
                : header.regex().replaceAll(value, header.substitution());
    }

    private static long hash(String octets, long seed) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        return XxHash64.hash(bytes, 0, bytes.length, seed);
    }

    private @Nullable String key(Source source, Headers request, @Nullable StreamInfo info) {
        return switch (source) {
            case Source.Header ignored -> throw new IllegalStateException("hashed by value");
            case Source.Cookie cookie -> {
                String value = CookieMatcher.first(request, cookie.name());
                boolean missing = value == null || value.isEmpty();
                if (missing && makesCookies && cookie.ttlSeconds() >= 0) {
                    yield generate(cookie, info);
                }
                yield missing ? null : value;
            }
            case Source.SourceIp ignored ->
                    info != null && info.downstreamRemoteAddress() instanceof IpAddress ip
                            ? ip.host()
                            : null;
            case Source.QueryParameter parameter -> query(request, parameter.name());
            case Source.FilterStateKey state -> {
                FilterState.Value value = info == null ? null : info.filterState().get(state.key());
                yield value == null ? null : value.serializeAsString();
            }
        };
    }

    /** The same for all requests of one connection, so that those that race get the same host. */
    private @Nullable String generate(Source.Cookie cookie, @Nullable StreamInfo info) {
        if (info == null) {
            return null;
        }
        ConnectionInfo connection = info.downstream();
        String ends = String.valueOf(connection.remoteAddress()) + connection.localAddress();
        String value = HexFormat.of().toHexDigits(hash(ends, 0));
        cookies.add(
                SetCookie.of(
                        cookie.name(),
                        value,
                        cookie.ttlSeconds(),
                        cookie.path(),
                        cookie.attributes()));
        return value;
    }

    private static @Nullable String query(Headers request, String name) {
        String path = request.getOr(HeaderName.PATH, "");
        int mark = path.indexOf('?');
        if (mark < 0) {
            return null;
        }
        for (String pair : path.substring(mark + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (pair.substring(0, equals < 0 ? pair.length() : equals).equals(name)) {
                return equals < 0 ? "" : pair.substring(equals + 1);
            }
        }
        return null;
    }
}
