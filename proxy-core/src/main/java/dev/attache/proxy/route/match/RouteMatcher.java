package dev.attache.proxy.route.match;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.route.v3.RouteMatch}, compiled. Everything that is set must hold. Immutable.
 *
 * @param grpc only requests with an {@code application/grpc} content type
 * @param tls null = any connection
 * @param fraction null = always
 */
public record RouteMatcher(
        PathMatcher path,
        List<HeaderMatcher> headers,
        List<QueryMatcher> query,
        List<CookieMatcher> cookies,
        boolean grpc,
        @Nullable TlsMatch tls,
        @Nullable Fraction fraction,
        List<MetadataMatch> dynamicMetadata,
        List<FilterStateMatch> filterState) {

    /** What {@link #unmet} answers where the request is not one of gRPC. */
    static final Object GRPC = "grpc";

    /** {@code tls_context}; null members are not asked. */
    public record TlsMatch(@Nullable Boolean presented, @Nullable Boolean validated) {
        boolean matches(ConnectionInfo connection) {
            TlsInfo tls = connection.tls();
            boolean isPresented = tls != null && tls.peerCertificatePresented();
            boolean isValidated = tls != null && tls.peerCertificateValidated();
            return (presented == null || presented == isPresented)
                    && (validated == null || validated == isValidated);
        }
    }

    /** {@code runtime_fraction}: the stream's random value decides. */
    public record Fraction(long numerator, long denominator) {
        boolean matches(long random) {
            return Long.remainderUnsigned(random, denominator) < numerator;
        }
    }

    /** {@code filter_state}. */
    public record FilterStateMatch(String key, Predicate<FilterState.Value> test) {}

    public RouteMatcher {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        cookies = List.copyOf(cookies);
        dynamicMetadata = List.copyOf(dynamicMetadata);
        filterState = List.copyOf(filterState);
    }

    /** A matcher of a path alone. */
    public static RouteMatcher of(PathMatcher path) {
        return new RouteMatcher(
                path, List.of(), List.of(), List.of(), false, null, null, List.of(), List.of());
    }

    /** Nothing but the path is asked. */
    public boolean pathOnly() {
        return headers.isEmpty()
                && query.isEmpty()
                && cookies.isEmpty()
                && !grpc
                && tls == null
                && fraction == null
                && dynamicMetadata.isEmpty()
                && filterState.isEmpty();
    }

    /** All but the path. */
    public boolean matchesRest(Headers request, StreamInfo info) {
        return unmet(request, info) == null;
    }

    /**
     * The first condition, in the order in which they are asked, that does not hold, the path's
     * left out; null where all do. One of this record's own parts, or {@link #GRPC}.
     */
    @Nullable Object unmet(Headers request, StreamInfo info) {
        if (fraction != null && !fraction.matches(info.random)) {
            return fraction;
        }
        if (grpc && !isGrpc(request)) {
            return GRPC;
        }
        Object failed = unmetField(request);
        if (failed != null) {
            return failed;
        }
        if (tls != null && !tls.matches(info.downstream())) {
            return tls;
        }
        return unmetState(info);
    }

    /**
     * Says of a request whose path is right which condition does not hold, what it wants and what
     * is there. Says nothing where all hold.
     */
    public void explain(Headers request, StreamInfo info, Explanation into) {
        Object failed = unmet(request, info);
        if (failed != null) {
            MatchText.unmet(failed, request, info, into);
        }
    }

    private @Nullable Object unmetField(Headers request) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(request)) {
                return headers.get(i);
            }
        }
        QueryMatcher parameter = query.isEmpty() ? null : unmetParameter(request);
        if (parameter != null) {
            return parameter;
        }
        for (int i = 0; i < cookies.size(); i++) {
            if (!cookies.get(i).matches(request)) {
                return cookies.get(i);
            }
        }
        return null;
    }

    private @Nullable QueryMatcher unmetParameter(Headers request) {
        String queryString = query(request);
        for (int i = 0; i < query.size(); i++) {
            if (!query.get(i).matches(queryString)) {
                return query.get(i);
            }
        }
        return null;
    }

    /** What stands behind the {@code ?} of the path, without fragment. */
    static String query(Headers request) {
        String path = request.getOr(HeaderName.PATH, "");
        int mark = path.indexOf('?');
        int hash = path.indexOf('#');
        return mark < 0 ? "" : path.substring(mark + 1, hash > mark ? hash : path.length());
    }

    private @Nullable Object unmetState(StreamInfo info) {
        for (MetadataMatch match : dynamicMetadata) {
            if (!match.matches(info.dynamicMetadata())) {
                return match;
            }
        }
        for (FilterStateMatch match : filterState) {
            FilterState.Value value = info.filterState().get(match.key);
            if (value == null || !match.test.test(value)) {
                return match;
            }
        }
        return null;
    }

    private static boolean isGrpc(Headers request) {
        int i = request.indexOf(HeaderName.CONTENT_TYPE);
        if (i < 0) {
            return false;
        }
        String type = request.value(i);
        return type.startsWith("application/grpc")
                && (type.length() == 16 || type.charAt(16) == '+' || type.charAt(16) == ';');
    }
}
