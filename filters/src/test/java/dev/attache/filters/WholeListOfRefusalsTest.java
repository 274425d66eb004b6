package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Refusals;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One run of {@code --mode validate} tells all that is wrong, each thing once. */
final class WholeListOfRefusalsTest {
    private static final String MANAGER =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String ROUTER =
            "{name: r, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}";
    private static final String WASM =
            "{name: wasm, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm}}";
    private static final String GRPC_LOG =
            "{name: als, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig,"
                    + " common_config: {log_name: a, grpc_service: {envoy_grpc: {cluster_name: up}}}}}";

    private final BootstrapFixture bootstraps = new BootstrapFixture();

    @Test
    void aRouteErrorHidesNothingOfItsConnectionManager() {
        List<String> errors =
                errors(
                        listener(
                                "tcp",
                                """
                                route_config: {virtual_hosts: [{name: v, domains: ['*'], routes: [
                                  {match: {prefix: /}, route: {cluster: nowhere, prefix_rewrite: /, regex_rewrite: {pattern: {regex: a}, substitution: b}}},
                                  {match: {prefix: /}, route: {inline_cluster_specifier_plugin: {extension: {name: p, typed_config: {'@type': type.googleapis.com/google.protobuf.Empty}}}}}]}]}
                                http_filters: [WASM, ROUTER]
                                access_log: [GRPC_LOG]
                                upgrade_configs: [{upgrade_type: a}, {upgrade_type: A}]
                                """));

        assertThat(errors)
                .anyMatch(e -> e.contains("route: unknown cluster 'nowhere'"))
                .anyMatch(e -> e.contains("cannot be honoured: cluster specifier plugins"))
                .anyMatch(e -> e.contains(".http_filters[0]") && e.contains("wasm.v3.Wasm"))
                .anyMatch(e -> e.contains(".access_log[0]"))
                .anyMatch(e -> e.contains("multiple upgrade configs with the same name"))
                .noneMatch(e -> e.contains("a cluster specifier must be set"));
    }

    @Test
    void whatCannotBeReadHidesNothing() {
        List<String> errors =
                errors(
                        listener(
                                "tcp",
                                """
                                stat_prefixx: a
                                route_config: {}
                                http_filters: [{name: other, typed_config: {'@type': type.googleapis.com/no.such.Type}}, WASM, ROUTER]
                                """));

        assertThat(errors)
                .hasSize(3)
                .anyMatch(e -> e.contains("no such field: 'stat_prefixx'"))
                .anyMatch(
                        e -> e.contains("could not find @type 'type.googleapis.com/no.such.Type'"))
                .anyMatch(e -> e.contains("wasm.v3.Wasm"));
    }

    @Test
    void anExtensionOfAMessageThatIsNotHereIsToldFromOneThatDoesNotExist() {
        String text =
                refusals(
                        listener(
                                "tcp",
                                """
                                route_config: {}
                                http_filters:
                                - {name: a2a, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.a2a.v3.A2a}}
                                - {name: stats, typed_config: {'@type': type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/shop.PluginConfig}}
                                - {name: tcp, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: a, cluster: up}}
                                - ROUTER
                                """));

        assertThat(text.lines())
                .anyMatch(l -> l.contains("a2a.v3.A2a") && l.contains("not built here yet"))
                .anyMatch(l -> l.contains("shop.PluginConfig") && l.contains("does not have it"))
                .anyMatch(l -> l.contains("TcpProxy") && l.contains("of another kind"));
    }

    @Test
    void aClusterWhoseTypeOrPolicyIsMissingIsLookedAtAllTheSame() {
        List<String> errors =
                errors(
                        """
                        static_resources:
                          clusters:
                          - name: dfp
                            lb_policy: CLUSTER_PROVIDED
                            cluster_type: {name: dfp, typed_config: {'@type': type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: {name: a}}}
                            transport_socket: {name: other, typed_config: {'@type': type.googleapis.com/envoy.extensions.transport_sockets.tap.v3.Tap, common_config: {admin_config: {config_id: a}}, transport_socket: {name: raw}}}
                            typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, auto_config: {}}}
                          - name: wrr
                            load_balancing_policy: {policies: [{typed_extension_config: {name: w, typed_config: {'@type': type.googleapis.com/envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality, endpoint_picking_policy: {policies: [{typed_extension_config: {name: inner, typed_config: {'@type': type.googleapis.com/envoy.extensions.load_balancing_policies.load_aware_locality.v3.LoadAwareLocality}}}]}}}}]}
                            lb_subset_config: {subset_selectors: [{keys: [a]}]}
                        """);

        assertThat(errors)
                .hasSize(4)
                .anyMatch(e -> e.contains("dynamic_forward_proxy"))
                .anyMatch(e -> e.contains("tap.v3.Tap"))
                .anyMatch(e -> e.contains("for cluster: 'wrr' with names from [inner]"))
                .anyMatch(e -> e.contains("lb_subset_config"));
    }

    @Test
    void aResourceWhoseConstraintsDoNotHoldHidesNoOther() {
        List<String> errors =
                errors(
                        listener("tcp", "route_config: {}\nhttp_filters: [WASM, ROUTER]")
                                + "  clusters: [{name: ''}, {name: up, lb_policy:"
                                + " CLUSTER_PROVIDED}]\n");

        assertThat(errors)
                .hasSize(3)
                .anyMatch(e -> e.contains("clusters[0].name: Proto constraint validation failed"))
                .anyMatch(e -> e.contains("cluster 'up' did not provide one"))
                .anyMatch(e -> e.contains("wasm.v3.Wasm"));
    }

    @Test
    void whatIsMissingBecauseItCannotBeReadIsNotCompiled() {
        assertThat(
                        errors(
                                listener(
                                        "tcp",
                                        "route_config: {virtual_hosts: [{name: {a: b}, domains:"
                                                + " ['*']}]}\n"
                                                + "http_filters: [ROUTER]")))
                .singleElement()
                .asString()
                .contains("virtual_hosts[0].name", "expected '\"'");
    }

    @Test
    void aListenerForQuicOrUdpIsRefusedForThatAlone() {
        String quic =
                listener(
                                "QUIC",
                                "codec_type: HTTP3\nroute_config: {}\nhttp_filters: [WASM, ROUTER]")
                        .replace(
                                "filter_chains:",
                                "udp_listener_config: {quic_options: {}}\n    filter_chains:");

        assertThat(errors(quic))
                .hasSize(2)
                .anyMatch(e -> e.contains("QUIC listeners (HTTP/3) are not built yet"))
                .anyMatch(e -> e.contains("wasm.v3.Wasm"));
        assertThat(
                        errors(
                                "static_resources: {listeners: [{name: l, address: {socket_address:"
                                        + " {protocol: UDP, address: 127.0.0.1, port_value: 0}}}]}"))
                .singleElement()
                .asString()
                .contains("UDP listeners are not built yet");
    }

    @Test
    void theSameRefusalInManyListenersIsOneLine() {
        StringBuilder listeners = new StringBuilder("static_resources:\n  listeners:\n");
        for (int i = 0; i < 6; i++) {
            String one = listener("tcp", "route_config: {}\nhttp_filters: [WASM, ROUTER]");
            listeners.append(
                    one.substring(one.indexOf("  - name: l"))
                            .replace("name: l\n", "name: l" + i + "\n"));
        }

        assertThat(refusals(listeners.toString()))
                .hasLineCount(1)
                .contains("wasm.v3.Wasm")
                .contains("(the same at 5 other places: test.yaml:");
    }

    private List<String> errors(String bootstrap) {
        return ConfigFixture.errors(bootstraps.yaml(bootstrap));
    }

    private String refusals(String bootstrap) {
        return bootstraps.yaml(bootstrap) instanceof Compiled.Rejected<?> rejected
                ? Refusals.text(rejected.errors())
                : "";
    }

    private static String listener(String kind, String manager) {
        boolean quic = kind.equals("QUIC");
        String text =
                """
                static_resources:
                  listeners:
                  - name: l
                    address: {socket_address: {protocol: PROTOCOL, address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - SOCKET
                      filters:
                      - name: hcm
                        typed_config:
                          '@type': MANAGER
                          stat_prefix: in
                """
                        .replace("PROTOCOL", quic ? "UDP" : "TCP")
                        .replace(
                                "SOCKET",
                                quic
                                        ? "transport_socket: {name: quic, typed_config: {'@type':"
                                                + " type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport,"
                                                + " downstream_tls_context: {}}}"
                                        : "name: chain")
                        .replace("MANAGER", MANAGER);
        return text
                + manager.strip()
                        .indent(10)
                        .replace("WASM", WASM)
                        .replace("ROUTER", ROUTER)
                        .replace("GRPC_LOG", GRPC_LOG);
    }
}
