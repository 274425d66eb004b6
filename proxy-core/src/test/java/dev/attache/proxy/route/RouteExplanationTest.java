package dev.attache.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.match.CookieMatcher;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.QueryMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.route.match.RouteMatcher.Fraction;
import dev.attache.proxy.stream.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RouteExplanationTest {

    private static final PathMatcher CART = new PathMatcher.Prefix("/cart", true);
    private static final RouteAction ACTION = new RouteAction.DirectResponse(200, null, null);

    private final StreamInfo info = info();

    @Test
    void eachRouteBeforeSaysWhichConditionDoesNotHold() {
        Explanation said =
                explain(
                        "/cart?x=1",
                        route("other", RouteMatcher.of(new PathMatcher.Exact("/old", true))),
                        route("half", match(List.of(), List.of(), List.of(), new Fraction(1, 2))),
                        route("post", match(List.of(method("POST")), List.of(), List.of(), null)),
                        route("debug", match(List.of(), debug(), List.of(), null)),
                        route("cookie", match(List.of(), List.of(), cookie(), null)),
                        route("cart", RouteMatcher.of(CART)),
                        route("late", RouteMatcher.of(CART)));
        assertThat(items(said))
                .extracting(item -> item.text("condition"))
                .containsExactly(
                        "path",
                        "runtime_fraction",
                        "method",
                        "query_parameter debug",
                        "cookie user");
        assertThat(items(said))
                .extracting(item -> item.text("found"))
                .containsExactly("/cart?x=1", "drew 1", "GET", "nothing", "nothing");
        assertThat(said.part("route").text("name")).isEqualTo("cart");
        assertThat(said.part("route").facts().get("position")).isEqualTo(5L);
        assertThat(names(said, "shadowed")).containsExactly("late");
    }

    /** Those behind it that would not have been taken either are not in its shadow. */
    @Test
    void whatWouldHaveMatchedOtherwiseIsInTheShadow() {
        RouteMatcher post = match(List.of(method("POST")), List.of(), List.of(), null);
        Explanation said =
                explain(
                        "/cart/7",
                        route("cart", RouteMatcher.of(CART)),
                        route("post", post),
                        route("old", RouteMatcher.of(new PathMatcher.Exact("/old", true))),
                        route("seven", RouteMatcher.of(new PathMatcher.Exact("/cart/7", true))),
                        route("rest", RouteMatcher.of(new PathMatcher.Prefix("/", true))));
        assertThat(names(said, "shadowed")).containsExactly("seven", "rest");
        assertThat(names(explain("/", route("all", post)), "shadowed")).isEmpty();
    }

    /** Behind an index, too, routes are told in their order. */
    @Test
    void manyRoutesAreExplainedAsOne() {
        List<Route.Spec> routes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            routes.add(route("r" + i, RouteMatcher.of(new PathMatcher.Exact("/" + i, true))));
        }
        Explanation said = explain("/20", routes.toArray(new Route.Spec[0]));
        assertThat(items(said)).hasSize(20);
        assertThat(said.part("route").text("name")).isEqualTo("r20");
        assertThat(items(explain("/none", routes.toArray(new Route.Spec[0])))).hasSize(30);
    }

    @Test
    void theDomainSaysWhyItIsTheOne() {
        assertThat(why("www.foo.com")).isEqualTo("exactly the request's");
        assertThat(why("a.foo.com")).startsWith("the longest domain beginning with an asterisk");
        assertThat(why("foo.org")).startsWith("the longest domain ending with an asterisk");
        assertThat(why("else")).startsWith("no other domain of the table");
    }

    private String why(String host) {
        RouteTable table =
                new RouteTable(
                        RouteTable.Spec.named("t"),
                        List.of(
                                host(
                                        List.of("www.foo.com", "*.foo.com", "foo.*", "*"),
                                        List.of())));
        Explanation said = new Explanation();
        table.explain(request(host, "/"), info, said);
        return String.valueOf(said.part("virtual_host").text("why"));
    }

    private Explanation explain(String path, Route.Spec... routes) {
        RouteTable table =
                new RouteTable(
                        RouteTable.Spec.named("t"), List.of(host(List.of("*"), List.of(routes))));
        Explanation said = new Explanation();
        table.explain(request("a.test", path), info, said);
        return said;
    }

    private static List<Explanation> items(Explanation said) {
        List<Explanation> items = new ArrayList<>();
        if (said.facts().get("not_matched") instanceof List<?> list) {
            list.forEach(item -> items.add((Explanation) item));
        }
        return items;
    }

    private static List<String> names(Explanation said, String list) {
        List<String> names = new ArrayList<>();
        if (said.facts().get(list) instanceof List<?> items) {
            items.forEach(item -> names.add(String.valueOf(((Explanation) item).text("name"))));
        }
        return names;
    }

    private static RouteTable.HostRoutes host(List<String> domains, List<Route.Spec> routes) {
        return new RouteTable.HostRoutes(
                new VirtualHost.Spec(
                        "h",
                        domains,
                        VirtualHost.TlsRequirement.NONE,
                        HeaderMutations.NONE,
                        HeaderMutations.NONE,
                        false,
                        false,
                        false,
                        -1,
                        Metadata.EMPTY,
                        List.of(),
                        List.of()),
                routes);
    }

    private static Route.Spec route(String name, RouteMatcher match) {
        return Route.Spec.of(name, match, ACTION);
    }

    private static RouteMatcher match(
            List<HeaderMatcher> headers,
            List<QueryMatcher> query,
            List<CookieMatcher> cookies,
            @Nullable Fraction fraction) {
        return new RouteMatcher(
                CART, headers, query, cookies, false, null, fraction, List.of(), List.of());
    }

    private static HeaderMatcher method(String wanted) {
        return new HeaderMatcher(
                HeaderName.METHOD,
                new HeaderMatcher.Test.Text(StringMatcher.exact(wanted)),
                false,
                false);
    }

    private static List<QueryMatcher> debug() {
        return List.of(new QueryMatcher("debug", null, true));
    }

    private static List<CookieMatcher> cookie() {
        return List.of(new CookieMatcher("user", StringMatcher.exact("ann"), false));
    }

    private static Headers request(String host, String path) {
        Headers request = new Headers();
        request.add(HeaderName.METHOD, "GET");
        request.add(HeaderName.AUTHORITY, host);
        request.add(HeaderName.PATH, path);
        return request;
    }

    private static StreamInfo info() {
        IpAddress address = IpAddress.parse("127.0.0.1", 80);
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0);
        info.random = 1;
        return info;
    }
}
