package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.route.HeaderMutations.AppendAction;
import dev.attache.proxy.route.RetryPolicy.RetryOn;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.match.PathMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML route configurations to tables or diagnostics; texts as the real Envoy 1.40 prints them. */
final class RouteConfigurationCompilerTest {
    private final ConfigFixture fixture = new ConfigFixture();

    @Test
    void forwardDefaultsAreEnvoys() {
        RouteAction.Forward forward = forward("{match: {prefix: /}, route: {cluster: c}}");
        assertThat(forward.cluster()).isEqualTo(new ClusterChoice.Named("c"));
        assertThat(forward.timeoutMillis()).isEqualTo(15_000);
        assertThat(forward.idleTimeoutMillis()).isEqualTo(-1);
        assertThat(forward.maxGrpcTimeoutMillis()).isEqualTo(-1);
        assertThat(forward.maxStreamDuration()).isNull();
        assertThat(forward.clusterNotFoundStatus()).isEqualTo(503);
        assertThat(forward.retry()).isNull();
        assertThat(forward.requestBodyBufferLimit()).isEqualTo(-1);
    }

    @Test
    void addressesOfFilterStateAreInARangeOrOutOfAll() {
        var within =
                addresses("address_match: {ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}");
        assertThat(within.test(new FilterState.SocketAddress(IpAddress.parse("10.1.2.3", 80))))
                .isTrue();
        assertThat(within.test(new FilterState.SocketAddress(IpAddress.parse("11.1.2.3", 80))))
                .isFalse();
        assertThat(within.test(new FilterState.Text("10.1.2.3"))).isFalse();
        var out =
                addresses(
                        "address_match: {ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}],"
                                + " invert_match: true}");
        assertThat(out.test(new FilterState.SocketAddress(IpAddress.parse("10.1.2.3", 80))))
                .isFalse();
        assertThat(out.test(new FilterState.SocketAddress(IpAddress.parse("::1", 80)))).isTrue();
        assertThat(out.test(new FilterState.Text("11.1.2.3"))).isFalse();
    }

    private Predicate<FilterState.Value> addresses(String matcher) {
        return route(
                        "{match: {prefix: /, filter_state: [{key: k, "
                                + matcher
                                + "}]}, route: {cluster: c}}")
                .match()
                .filterState()
                .getFirst()
                .test();
    }

    @Test
    void istiosRouteCompiles() {
        Route.Spec route =
                route(
                        """
                        match: {prefix: /a, case_sensitive: false, headers: [{name: x, string_match: {exact: q}}]}
                        name: default
                        decorator: {operation: "a.b.svc:80/*"}
                        metadata: {filter_metadata: {istio: {config: z}}}
                        route:
                          weighted_clusters: {clusters: [{name: a, weight: 90}, {name: b, weight: 10, request_headers_to_add: [{header: {key: v, value: "2"}, append: false}]}]}
                          timeout: 0s
                          max_grpc_timeout: 0s
                          retry_policy:
                            retry_on: connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes,bla
                            num_retries: 2
                            retry_host_predicate: [{name: p, typed_config: {"@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate}}]
                            host_selection_retry_max_attempts: 5
                            retriable_status_codes: [503]
                        """);
        assertThat(route.match().path()).isEqualTo(new PathMatcher.Prefix("/a", false));
        assertThat(route.decoratorOperation()).isEqualTo("a.b.svc:80/*");
        RouteAction.Forward forward = (RouteAction.Forward) route.action();
        assertThat(forward.timeoutMillis()).isZero();
        assertThat(forward.maxGrpcTimeoutMillis()).isZero();
        assertThat(forward.retry().on())
                .isEqualTo(
                        Set.of(
                                RetryOn.CONNECT_FAILURE,
                                RetryOn.REFUSED_STREAM,
                                RetryOn.GRPC_UNAVAILABLE,
                                RetryOn.GRPC_CANCELLED,
                                RetryOn.RETRIABLE_STATUS_CODES));
        assertThat(forward.retry().numRetries()).isEqualTo(2);
        assertThat(forward.cluster())
                .isInstanceOfSatisfying(
                        ClusterChoice.Weighted.class,
                        weighted -> {
                            assertThat(weighted.total()).isEqualTo(100);
                            assertThat(
                                            weighted.clusters()
                                                    .get(1)
                                                    .requestHeaders()
                                                    .additions()
                                                    .getFirst()
                                                    .action())
                                    .isEqualTo(AppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
                        });
    }

    @Test
    void aRouteTakesOverWhatItDoesNotSay() {
        RouteTable table =
                table(
                                """
                                name: rc
                                request_mirror_policies: [{cluster: m0}]
                                virtual_hosts:
                                - name: v
                                  domains: ["*"]
                                  retry_policy: {retry_on: 5xx, num_retries: 7}
                                  per_request_buffer_limit_bytes: 9
                                  request_mirror_policies: [{cluster: m1}]
                                  routes:
                                  - {match: {prefix: /a}, route: {cluster: c}}
                                  - {match: {prefix: /b}, route: {cluster: c, retry_policy: {}, request_mirror_policies: [{cluster: m2}]}}
                                """)
                        .orThrow();
        RouteAction.Forward first = forward(table, 0);
        assertThat(first.retry().numRetries()).isEqualTo(7);
        assertThat(first.requestBodyBufferLimit()).isEqualTo(9);
        assertThat(first.mirrors().getFirst().cluster()).isEqualTo("m1");
        RouteAction.Forward second = forward(table, 1);
        assertThat(second.retry().on()).isEmpty();
        assertThat(second.mirrors().getFirst().cluster()).isEqualTo("m2");
    }

    @Test
    void redirectsAndDirectResponses() {
        assertThat(
                        route(
                                        "{match: {path: /a}, redirect: {https_redirect: true,"
                                                + " port_redirect: 8443, path_redirect: /b,"
                                                + " response_code: PERMANENT_REDIRECT, strip_query:"
                                                + " true}}")
                                .action())
                .isEqualTo(
                        new RouteAction.Redirect(
                                "https",
                                null,
                                8443,
                                new RouteAction.PathRewrite.Whole("/b"),
                                308,
                                true));
        assertThat(
                        route(
                                        "{match: {path: /a}, direct_response: {status: 418, body:"
                                                + " {inline_string: tea}}}")
                                .action())
                .isInstanceOfSatisfying(
                        RouteAction.DirectResponse.class,
                        direct -> assertThat(direct.body()).asString().isEqualTo("tea"));
    }

    @Test
    void whatFormatsMake() {
        RouteAction.Forward forward =
                forward(
                        "{match: {prefix: /}, route: {cluster: c, path_rewrite: '/%REQ(p)%',"
                                + " host_rewrite: 'h%REQ(h)%'}}");
        assertThat(forward.pathRewrite()).isInstanceOf(RouteAction.PathRewrite.Formatted.class);
        assertThat(forward.hostRewrite()).isInstanceOf(RouteAction.HostRewrite.Formatted.class);
        assertThat(
                        route(
                                        "{match: {prefix: /}, direct_response: {status: 200,"
                                                + " body_format: {json_format: {a: b}}}}")
                                .action())
                .isInstanceOfSatisfying(
                        RouteAction.DirectResponse.class,
                        direct ->
                                assertThat(direct.bodyFormat().contentType())
                                        .isEqualTo("application/json"));
    }

    /** On the wire two fields of a oneof may stand beside each other, one of them newer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    route: {cluster: c, host_rewrite: a}; route: {host_rewrite_literal: b}; route.host_rewrite: 'host_rewrite' has already been set as part of a oneof
                    redirect: {path_rewrite: a}; redirect: {prefix_rewrite: b}; redirect.path_rewrite: 'path_rewrite' has already been set as part of a oneof
                    """)
    void aNewerFieldDoesNotHideAnotherOfItsOneof(String newer, String older, String error)
            throws InvalidProtocolBufferException {
        io.envoyproxy.envoy.config.route.v3.Route route =
                io.envoyproxy.envoy.config.route.v3.Route.getDefaultInstance();
        ByteString both =
                ConfigFixture.parse("{match: {prefix: /}, " + newer + "}", route)
                        .toByteString()
                        .concat(ConfigFixture.parse("{" + older + "}", route).toByteString());
        RouteConfiguration.Builder routes =
                ConfigFixture.parse(
                        wrap("{match: {prefix: /}, non_forwarding_action: {}}"),
                        RouteConfiguration.getDefaultInstance())
                        .toBuilder();
        routes.getVirtualHostsBuilder(0)
                .setRoutes(0, io.envoyproxy.envoy.config.route.v3.Route.parseFrom(both));

        assertThat(
                        ConfigFixture.errors(
                                RouteConfigurationCompiler.compileResource(
                                        routes.build(), fixture.settings())))
                .containsExactly("virtual_hosts[0].routes[0]." + error);
    }

    @Test
    void aNameThatNoFileCanHaveIsRefused() {
        String route =
                "{match: {prefix: /}, direct_response: {status: 200, body: {filename: \"a\\0b\"}}}";
        assertThat(ConfigFixture.errors(table(wrap(route))))
                .singleElement()
                .asString()
                .contains("direct_response.body.filename: Invalid path: a");
    }

    @Test
    void clustersAreValidatedWhereTheConfigurationSaysSo() {
        var settings = fixture.settings().withKnownClusters(name -> name.equals("c"));
        String routes =
                "virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route:"
                        + " {cluster: nope}}]}]";
        assertThat(
                        RouteConfigurationCompiler.compileResource(
                                ConfigFixture.parse(
                                        "{name: rc, " + routes + "}",
                                        RouteConfiguration.getDefaultInstance()),
                                settings))
                .isInstanceOf(Compiled.Ok.class);
        assertThat(
                        ConfigFixture.errors(
                                RouteConfigurationCompiler.compileResource(
                                        ConfigFixture.parse(
                                                "{name: rc, validate_clusters: true, "
                                                        + routes
                                                        + "}",
                                                RouteConfiguration.getDefaultInstance()),
                                        settings)))
                .containsExactly(
                        "virtual_hosts[0].routes[0].route.cluster: route: unknown cluster 'nope'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    {name: v, domains: ['*']},{name: w, domains: ['*']}; : Only a single wildcard domain is permitted in route rc
                    {name: v, domains: ['a']},{name: w, domains: ['A']}; : Only unique values for domains are permitted. Duplicate entry of domain a in route rc
                    {name: v, domains: ['a*']},{name: v, domains: ['a*']}; : Only unique values for domains are permitted. Duplicate entry of domain a* in route rc
                    """)
    void badVirtualHosts(String hosts, String error) {
        assertThat(ConfigFixture.errors(table("{name: rc, virtual_hosts: [" + hosts + "]}")))
                .containsExactly("virtual_hosts" + error.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: c, weight: 0}]}}; route.weighted_clusters: Sum of weights in the weighted_cluster must be greater than 0.
                    match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: c, cluster_header: a, weight: 1}]}}; route.weighted_clusters.clusters[0]: Only one of name or cluster_header can be specified
                    match: {prefix: /}, route: {weighted_clusters: {clusters: [{weight: 1}]}}; route.weighted_clusters.clusters[0]: At least one of name or cluster_header need to be specified
                    match: {safe_regex: {regex: '('}}, route: {cluster: c}; match.safe_regex.regex: missing ): (
                    match: {prefix: /}, route: {cluster: c, prefix_rewrite: /a, regex_rewrite: {pattern: {regex: a}, substitution: b}}; route: Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy
                    match: {prefix: /}, route: {cluster: c, retry_policy: {retry_back_off: {base_interval: 2s, max_interval: 1s}}}; route.retry_policy.retry_back_off.max_interval: retry_policy.max_interval must greater than or equal to the base_interval
                    match: {prefix: /}, route: {cluster: c, retry_policy: {retry_host_predicate: [{name: a}]}}; route.retry_policy.retry_host_predicate[0]: Didn't find a registered implementation for 'a' with type URL: ''
                    match: {prefix: /}, route: {cluster: c, request_mirror_policies: [{cluster: c, cluster_header: a}]}; route.request_mirror_policies[0]: Only one of cluster 'c' or cluster_header 'a' in request mirror policy can be specified
                    match: {prefix: /}, route: {cluster: c, request_mirror_policies: [{}]}; route.request_mirror_policies[0]: Exactly one of cluster or cluster_header in request mirror policy need to be specified
                    match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: websocket},{upgrade_type: websocket}]}; route.upgrade_configs[1]: Duplicate upgrade websocket
                    match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: websocket, connect_config: {}}]}; route.upgrade_configs[0]: Non-CONNECT upgrade type websocket has ConnectConfig
                    match: {prefix: /}, request_headers_to_add: [{header: {key: ':path', value: a}}], route: {cluster: c}; request_headers_to_add[0].header.key: :-prefixed or host headers may not be modified
                    match: {prefix: /}, request_headers_to_remove: ['host'], route: {cluster: c}; request_headers_to_remove[0]: :-prefixed or host headers may not be removed
                    match: {prefix: /}, request_headers_to_add: [{header: {key: a, value: '%BLA%'}}], route: {cluster: c}; request_headers_to_add[0].header.value: Not supported field in StreamInfo: BLA
                    match: {prefix: /}, request_headers_to_add: [{header: {key: a, value: a}, append: true, append_action: ADD_IF_ABSENT}], route: {cluster: c}; request_headers_to_add[0].append: Both append and append_action are set and it's not allowed
                    match: {prefix: /}, typed_per_filter_config: {nope: {'@type': type.googleapis.com/google.protobuf.StringValue, value: a}}, route: {cluster: c}; typed_per_filter_config["nope"]: Didn't find a registered implementation for 'nope' with type URL: 'google.protobuf.StringValue'
                    match: {prefix: /}, typed_per_filter_config: {r: {'@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}, route: {cluster: c}; typed_per_filter_config["r"]: The filter r doesn't support virtual host or route specific configurations
                    match: {prefix: /, headers: [{name: a, string_match: {safe_regex: {regex: a}, ignore_case: true}}]}, route: {cluster: c}; match.headers[0].string_match.ignore_case: ignore_case has no effect for safe_regex.
                    match: {prefix: /}, route: {cluster: c, hedge_policy: {hedge_on_per_try_timeout: true}}; `route.hedge_policy.hedge_on_per_try_timeout: field 'hedge_on_per_try_timeout' of envoy.config.route.v3.HedgePolicy cannot be honoured: hedging is not built; without it a try that is over its timeout is given up and tried again`
                    match: {prefix: /}, route: {cluster: c, path_rewrite: /a, prefix_rewrite: /b}; route: Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy, or path_rewrite
                    match: {prefix: /}, route: {cluster: c, path_rewrite: '%BLA%'}; route.path_rewrite: Not supported field in StreamInfo: BLA
                    match: {prefix: /}, route: {cluster: c, host_rewrite: '%BLA%'}; route.host_rewrite: Not supported field in StreamInfo: BLA
                    match: {prefix: /}, redirect: {path_rewrite: '%BLA%'}; redirect.path_rewrite: Not supported field in StreamInfo: BLA
                    match: {prefix: /}, direct_response: {status: 200, body_format: {json_format: {a: '%BLA%'}}}; direct_response.body_format.json_format: Not supported field in StreamInfo: BLA
                    match: {prefix: /}, direct_response: {status: 200, body: {filename: /nope}}; direct_response.body.filename: file /nope does not exist
                    """)
    void badRoutes(String fields, String error) {
        assertThat(ConfigFixture.errors(table(wrap("{" + fields + "}"))))
                .containsExactly("virtual_hosts[0].routes[0]." + error.strip());
    }

    private static String wrap(String route) {
        return "name: rc\nvirtual_hosts:\n- name: v\n  domains: ['*']\n  routes:\n  - "
                + route.strip().replace("\n", "\n    ")
                + "\n";
    }

    private Route.Spec route(String yaml) {
        return table(wrap(yaml)).orThrow().virtualHosts().getFirst().routes().getFirst().spec();
    }

    private RouteAction.Forward forward(String yaml) {
        return (RouteAction.Forward) route(yaml).action();
    }

    private static RouteAction.Forward forward(RouteTable table, int index) {
        return (RouteAction.Forward) table.virtualHosts().getFirst().routes().get(index).action();
    }

    private Compiled<RouteTable> table(String yaml) {
        return RouteConfigurationCompiler.compileResource(
                ConfigFixture.parse(yaml, RouteConfiguration.getDefaultInstance()),
                fixture.settings());
    }
}
