package dev.attache.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.stream.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The index answers what walking the routes in order would answer. */
final class RouteIndexTest {

    private static final HeaderName X_V = HeaderName.of("x-v");
    private static final StreamInfo INFO = info();
    private static final String[] SEGMENTS = {"a", "b", "ab", "A", "Ab", "", "a.b"};

    private final Random random = new Random(42);

    @Test
    void agreesWithWalkingInOrder() {
        int matched = 0;
        for (int table = 0; table < 1500; table++) {
            List<Route> routes = new ArrayList<>();
            int count = random.nextInt(40);
            for (int i = 0; i < count; i++) {
                routes.add(route("r" + i, path(), predicates()));
            }
            RouteIndex index = new RouteIndex(routes, false);
            for (int i = 0; i < 30; i++) {
                Headers request = request();
                Route expected = walk(routes, request);
                Route found = index.match(request, INFO);
                assertThat(found)
                        .as(
                                "%s in %s",
                                request, routes.stream().map(r -> r.spec().match()).toList())
                        .isSameAs(expected);
                matched += found != null ? 1 : 0;
            }
        }
        assertThat(matched).isBetween(5_000, 44_000);
    }

    @Test
    void earlierPositionWinsOverTheMoreSpecificPath() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            routes.add(route("other" + i, new PathMatcher.Exact("/other" + i, true), List.of()));
        }
        routes.add(route("prefix", new PathMatcher.Prefix("/x", true), List.of()));
        routes.add(route("exact", new PathMatcher.Exact("/x/y", true), List.of()));
        Route found = new RouteIndex(routes, false).match(request("/x/y", null), INFO);
        assertThat(found).isNotNull();
        assertThat(found.spec().name()).isEqualTo("prefix");
    }

    @Test
    void queryAndFragmentAreNoPartOfThePath() {
        List<Route> routes = List.of(route("exact", new PathMatcher.Exact("/x", true), List.of()));
        RouteIndex index = new RouteIndex(routes, false);
        assertThat(index.match(request("/x?q=/y", null), INFO)).isNotNull();
        assertThat(index.match(request("/x#f", null), INFO)).isNotNull();
        assertThat(index.match(request("/x/", null), INFO)).isNull();
    }

    @Test
    void parametersOfAnySegmentMayBeIgnored() {
        List<Route> routes =
                List.of(
                        route("itself", new PathMatcher.Prefix("/a;x", true), List.of()),
                        route("exact", new PathMatcher.Exact("/a/b", true), List.of()));
        RouteIndex index = new RouteIndex(routes, true);
        for (String path : new String[] {"/a/b", "/a;x=1/b;y?q;z", "/a;/b;", "/a/b;x"}) {
            Route found = index.match(request(path, null), INFO);
            assertThat(found).as(path).isNotNull();
            assertThat(found.spec().name()).isEqualTo("exact");
        }
        assertThat(index.match(request("/a;x", null), INFO)).isNull();
        assertThat(index.match(request("/a/;x/b", null), INFO)).isNull();
        assertThat(new RouteIndex(routes, false).match(request("/a/b;x", null), INFO)).isNull();
    }

    @Test
    void connectRequestsWithoutPathMatchOnlyTheConnectMatcher() {
        List<Route> routes =
                List.of(
                        route("prefix", new PathMatcher.Prefix("/", true), List.of()),
                        route("connect", new PathMatcher.Connect(), List.of()));
        Headers connect = new Headers();
        connect.add(HeaderName.METHOD, "CONNECT");
        Route found = new RouteIndex(routes, false).match(connect, INFO);
        assertThat(found).isNotNull();
        assertThat(found.spec().name()).isEqualTo("connect");
    }

    private @Nullable Route walk(List<Route> routes, Headers request) {
        String full = request.getOr(HeaderName.PATH, "");
        int query = full.indexOf('?');
        String path = query < 0 ? full : full.substring(0, query);
        for (Route route : routes) {
            RouteMatcher match = route.spec().match();
            if (matches(match.path(), path) && HeaderMatcher.all(match.headers(), request)) {
                return route;
            }
        }
        return null;
    }

    private static boolean matches(PathMatcher matcher, String path) {
        return switch (matcher) {
            case PathMatcher.Exact(String p, boolean cs) -> folded(path, cs).equals(folded(p, cs));
            case PathMatcher.Prefix(String p, boolean cs) ->
                    folded(path, cs).startsWith(folded(p, cs));
            case PathMatcher.SeparatedPrefix(String p, boolean cs) ->
                    folded(path, cs).equals(folded(p, cs))
                            || folded(path, cs).startsWith(folded(p, cs) + "/");
            case PathMatcher.Pattern(Regex regex) -> regex.matches(path);
            default -> throw new AssertionError(matcher);
        };
    }

    private static String folded(String text, boolean caseSensitive) {
        return caseSensitive ? text : text.toLowerCase(Locale.ROOT);
    }

    private PathMatcher path() {
        boolean sensitive = random.nextInt(3) > 0;
        String text = text();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new PathMatcher.Exact(text, sensitive);
            case 3, 4 -> new PathMatcher.Prefix(text, sensitive);
            case 5, 6 -> new PathMatcher.SeparatedPrefix(text, sensitive);
            default -> new PathMatcher.Pattern(Regex.compile(text.replace("b", "[bB]") + ".*"));
        };
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            out.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return out.toString();
    }

    private List<HeaderMatcher> predicates() {
        if (random.nextInt(3) > 0) {
            return List.of();
        }
        StringMatcher value = StringMatcher.exact(Integer.toString(random.nextInt(3)));
        return List.of(
                new HeaderMatcher(
                        X_V, new HeaderMatcher.Test.Text(value), random.nextBoolean(), false));
    }

    private Headers request() {
        String path = text() + (random.nextInt(4) == 0 ? "?a=/b" : "");
        return request(path, random.nextBoolean() ? Integer.toString(random.nextInt(3)) : null);
    }

    private static Headers request(String path, @Nullable String version) {
        Headers request = new Headers();
        request.add(HeaderName.METHOD, "GET");
        request.add(HeaderName.PATH, path);
        if (version != null) {
            request.add(X_V, version);
        }
        return request;
    }

    private static Route route(String name, PathMatcher path, List<HeaderMatcher> headers) {
        RouteMatcher match =
                new RouteMatcher(
                        path, headers, List.of(), List.of(), false, null, null, List.of(),
                        List.of());
        return new Route(Route.Spec.of(name, match, new RouteAction.NonForwarding()));
    }

    static StreamInfo info() {
        IpAddress address = IpAddress.parse("127.0.0.1", 1);
        return new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0);
    }
}
