package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.accesslog.AccessLogFilters;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.config.validate.UnheededFields;
import dev.attache.proxy.accesslog.AccessLogFilter.Comparison;
import dev.attache.proxy.accesslog.AccessLogFilter.StatusCode;
import dev.attache.proxy.route.RouteTable;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import org.junit.jupiter.api.Test;

/**
 * What Envoy's API has beyond the message classes is read from text and from bytes, checked, and
 * honoured or refused; never does it act as something else.
 */
final class NewerFieldsTest {
    private static final String ROUTES =
            """
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
              - match: {prefix: /, cookies: [COOKIE]}
                direct_response: {status: 200}
            """;

    private final ConfigFixture fixture = new ConfigFixture();

    @Test
    void cookiesOfARouteAreReadAndKeptInItsBytes() throws InvalidProtocolBufferException {
        RouteConfiguration read = routes("{name: k, string_match: {exact: v}, invertMatch: true}");
        RouteConfiguration sent = RouteConfiguration.parseFrom(read.toByteString());

        for (RouteConfiguration routes : new RouteConfiguration[] {read, sent}) {
            Compiled<RouteTable> compiled = compile(routes);
            assertThat(compiled).isInstanceOf(Compiled.Ok.class);
            assertThat(((Compiled.Ok<RouteTable>) compiled).warnings()).isEmpty();
        }
        RouteMatch match = sent.getVirtualHosts(0).getRoutes(0).getMatch();
        assertThat(match.getUnknownFields().asMap()).containsOnlyKeys(17);
    }

    @Test
    void constraintsOfAddedFieldsHold() {
        assertThat(ConfigFixture.errors(compile(routes("{string_match: {exact: v}}, {name: k}"))))
                .anyMatch(e -> e.contains("cookies[0].name: Proto constraint validation failed"))
                .anyMatch(e ->
                        e.contains("CookieMatcherValidationError.StringMatch: value is required"));
    }

    @Test
    void fieldsThatNobodyKnowsAreToldInsideOfAddedOnes() {
        assertThat(
                        ConfigFixture.errors(
                                new BootstrapFixture()
                                        .yaml(
                                                "static_resources: {listeners: [{name: l, address:"
                                                        + " {socket_address: {address: 127.0.0.1,"
                                                        + " port_value: 0}}, filter_chains: [{filters:"
                                                        + " [{name: h, typed_config: {'@type':"
                                                        + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                                                        + " stat_prefix: a, http_filters: [{name: r,"
                                                        + " typed_config: {'@type':"
                                                        + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}],"
                                                        + " route_config: {virtual_hosts: [{name: v,"
                                                        + " domains: ['*'], routes: [{match: {prefix:"
                                                        + " /, cookies: [{name: k, string_match:"
                                                        + " {exact: a}, other: 1}]}, direct_response:"
                                                        + " {status: 200}}]}]}}}]}]}]}")))
                .singleElement()
                .asString()
                .contains(
                        "cookies[0].other", "envoy.config.route.v3.CookieMatcher", "no such field");
    }

    @Test
    void anAddedEnumValueIsThatValueFromTextAndFromBytes() throws InvalidProtocolBufferException {
        AccessLogFilter read = filter("NE");
        AccessLogFilter sent = AccessLogFilter.parseFrom(read.toByteString());

        for (AccessLogFilter filter : new AccessLogFilter[] {read, sent, filter("3")}) {
            Diagnostics diagnostics = new Diagnostics("test");
            CompileContext context = CompileContext.root(fixture.settings(), diagnostics);
            assertThat(context.check(filter)).isTrue();
            assertThat(AccessLogFilters.compile(filter, context))
                    .isEqualTo(new StatusCode(Comparison.NE, 404));
            assertThat(diagnostics.errors()).isEmpty();
        }
    }

    @Test
    void aNumberThatIsNoValueOfItsEnumIsRefused() throws InvalidProtocolBufferException {
        // require_tls, field 3 of the virtual host, as 9
        RouteConfiguration routes =
                routes("").toBuilder()
                        .clearVirtualHosts()
                        .addVirtualHosts(
                                routes("").getVirtualHosts(0).toBuilder()
                                        .mergeFrom(ByteString.copyFrom(new byte[] {4 << 3, 9})))
                        .build();

        assertThat(ConfigFixture.errors(compile(routes)))
                .anyMatch(e -> e.contains("virtual_hosts[0].require_tls"));
    }

    private Compiled<RouteTable> compile(RouteConfiguration routes) {
        return RouteConfigurationCompiler.compileResource(
                routes,
                fixture.settings().withUnheeded(new UnheededFields(UnknownFieldPolicy.WARN)));
    }

    private static RouteConfiguration routes(String cookie) {
        return ConfigFixture.parse(
                ROUTES.replace("COOKIE", cookie), RouteConfiguration.getDefaultInstance());
    }

    private static AccessLogFilter filter(String op) {
        return ConfigFixture.parse(
                "status_code_filter: {comparison: {op: OP, value: {default_value: 404, runtime_key: k}}}"
                        .replace("OP", op),
                AccessLogFilter.getDefaultInstance());
    }
}
