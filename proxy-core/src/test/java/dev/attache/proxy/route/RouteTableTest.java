package dev.attache.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RouteTableTest {

    @Test
    void domainsAreSearchedFromTheMostSpecific() {
        RouteTable table =
                table(
                        RouteTable.Spec.named("t"),
                        host("all", "*"),
                        host("suffix", "*.foo.com"),
                        host("longer", "*-bar.foo.com"),
                        host("prefix", "foo.*"),
                        host("longprefix", "foo.bar.*"),
                        host("exact", "www.foo.com"));
        assertThat(find(table, "www.foo.com")).isEqualTo("exact");
        assertThat(find(table, "WWW.Foo.COM")).isEqualTo("exact");
        assertThat(find(table, "a.foo.com")).isEqualTo("suffix");
        assertThat(find(table, "x-bar.foo.com")).isEqualTo("longer");
        assertThat(find(table, ".foo.com")).isEqualTo("all");
        assertThat(find(table, "foo.org")).isEqualTo("prefix");
        assertThat(find(table, "foo.bar.org")).isEqualTo("longprefix");
        assertThat(find(table, "foo.")).isEqualTo("all");
        assertThat(find(table, "foo.foo.com")).isEqualTo("suffix");
        assertThat(find(table, "elsewhere")).isEqualTo("all");
    }

    @Test
    void withoutACatchAllUnknownHostsHaveNoVirtualHost() {
        RouteTable table = table(RouteTable.Spec.named("t"), host("exact", "www.foo.com"));
        assertThat(find(table, "other")).isNull();
        assertThat(find(table, "www.foo.com:8080")).isNull();
        assertThat(table.virtualHost(new Headers())).isNull();
    }

    @Test
    void portsAreIgnoredWhereAsked() {
        RouteTable.Spec spec =
                new RouteTable.Spec(
                        "t",
                        HeaderMutations.NONE,
                        HeaderMutations.NONE,
                        List.of(),
                        false,
                        true,
                        false,
                        null);
        RouteTable table = table(spec, host("v4", "www.foo.com"), host("v6", "[::1]"));
        assertThat(find(table, "www.foo.com:8080")).isEqualTo("v4");
        assertThat(find(table, "www.foo.com")).isEqualTo("v4");
        assertThat(find(table, "www.foo.com:abc")).isEqualTo("v4");
        assertThat(find(table, "www.foo.com:")).isEqualTo("v4");
        assertThat(find(table, "www.foo.com:80:80")).isNull();
        assertThat(find(table, "[::1]:80")).isEqualTo("v6");
        assertThat(find(table, "[::1]")).isEqualTo("v6");
    }

    @Test
    void anotherHeaderMayNameTheHost() {
        RouteTable.Spec spec =
                new RouteTable.Spec(
                        "t",
                        HeaderMutations.NONE,
                        HeaderMutations.NONE,
                        List.of(),
                        false,
                        false,
                        false,
                        HeaderName.of("x-host"));
        RouteTable table = table(spec, host("a", "a"), host("b", "b"));
        Headers request = request("a");
        request.add(HeaderName.of("x-host"), "b");
        VirtualHost found = table.virtualHost(request);
        assertThat(found).isNotNull();
        assertThat(found.spec().name()).isEqualTo("b");
    }

    @Test
    void duplicatesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(RouteTable.Spec.named("t"), host("a", "x"), host("b", "X")))
                .withMessage(
                        "Only unique values for domains are permitted. Duplicate entry of domain x"
                                + " in route t");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(RouteTable.Spec.named("t"), host("a", "*"), host("b", "*")))
                .withMessage("Only a single wildcard domain is permitted in route t");
    }

    @Test
    void plainRequestsAreSentToHttpsWhereTlsIsRequired() {
        VirtualHost.Spec spec =
                new VirtualHost.Spec(
                        "secure",
                        List.of("*"),
                        VirtualHost.TlsRequirement.EXTERNAL_ONLY,
                        HeaderMutations.NONE,
                        HeaderMutations.NONE,
                        false,
                        false,
                        false,
                        -1,
                        Metadata.EMPTY,
                        List.of(),
                        List.of());
        RouteTable table = table(RouteTable.Spec.named("t"), spec);
        Headers plain = request("a");
        plain.add(HeaderName.X_FORWARDED_PROTO, "http");
        Route route = table.match(plain, RouteIndexTest.info());
        assertThat(route).isNotNull();
        assertThat(route.action()).isInstanceOf(RouteAction.Redirect.class);
        plain.set(HeaderName.X_FORWARDED_PROTO, "HTTPS");
        route = table.match(plain, RouteIndexTest.info());
        assertThat(route).isNotNull();
        assertThat(route.action()).isInstanceOf(RouteAction.Redirect.class);
        plain.set(HeaderName.X_FORWARDED_PROTO, "https");
        route = table.match(plain, RouteIndexTest.info());
        assertThat(route).isNotNull();
        assertThat(route.action()).isInstanceOf(RouteAction.NonForwarding.class);
    }

    private static @Nullable String find(RouteTable table, String authority) {
        VirtualHost host = table.virtualHost(request(authority));
        return host == null ? null : host.spec().name();
    }

    private static Headers request(String authority) {
        Headers request = new Headers();
        request.add(HeaderName.AUTHORITY, authority);
        request.add(HeaderName.PATH, "/");
        return request;
    }

    private static VirtualHost.Spec host(String name, String domain) {
        return new VirtualHost.Spec(
                name,
                List.of(domain),
                VirtualHost.TlsRequirement.NONE,
                HeaderMutations.NONE,
                HeaderMutations.NONE,
                false,
                false,
                false,
                -1,
                Metadata.EMPTY,
                List.of(),
                List.of());
    }

    private static RouteTable table(RouteTable.Spec spec, VirtualHost.Spec... hosts) {
        Route.Spec route =
                Route.Spec.of(
                        "r",
                        RouteMatcher.of(new PathMatcher.Prefix("/", true)),
                        new RouteAction.NonForwarding());
        return new RouteTable(
                spec,
                List.of(hosts).stream()
                        .map(h -> new RouteTable.HostRoutes(h, List.of(route)))
                        .toList());
    }
}
