package dev.attache.proxy.route.match;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
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
        return (fraction == null || fraction.matches(info.random))
                && (!grpc || isGrpc(request))
                && HeaderMatcher.all(headers, request)
                && (query.isEmpty() || matchesQuery(request))
                && matchesCookies(request)
                && (tls == null || tls.matches(info.downstream()))
                && matchesState(info);
    }

    private boolean matchesQuery(Headers request) {
        String path = request.getOr(HeaderName.PATH, "");
        int mark = path.indexOf('?');
        int hash = path.indexOf('#');
        String queryString =
                mark < 0 ? "" : path.substring(mark + 1, hash > mark ? hash : path.length());
        for (QueryMatcher matcher : query) {
            if (!matcher.matches(queryString)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesCookies(Headers request) {
        for (int i = 0; i < cookies.size(); i++) {
            if (!cookies.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesState(StreamInfo info) {
        for (MetadataMatch match : dynamicMetadata) {
            if (!match.matches(info.dynamicMetadata())) {
                return false;
            }
        }
        for (FilterStateMatch match : filterState) {
            FilterState.Value value = info.filterState().get(match.key);
            if (value == null || !match.test.test(value)) {
                return false;
            }
        }
        return true;
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
