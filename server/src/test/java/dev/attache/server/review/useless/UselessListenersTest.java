package dev.attache.server.review.useless;

import static dev.attache.server.review.useless.UselessTest.useless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listeners and chains that no connection reaches are told, and those that one may are not. */
final class UselessListenersTest {

    @Test
    void chainsOfOtherPortsAndAddresses() throws Exception {
        String echo =
                "filters: [{name: e, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]";
        String listeners =
                """
                static_resources:
                  listeners:
                  - name: web
                    address: {socket_address: {address: 127.0.0.1, port_value: 1234}}
                    FILTERS
                    filter_chains:
                    - {filter_chain_match: {destination_port: 80}, ECHO}
                    - {filter_chain_match: {prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}, ECHO}
                    - {filter_chain_match: {transport_protocol: raw_buffer, server_names: [a]}, ECHO}
                    - {filter_chain_match: {destination_port: 1234}, ECHO}
                  - name: lost
                    bind_to_port: false
                    address: {socket_address: {address: 127.0.0.1, port_value: 1235}}
                    filter_chains: [{ECHO}]
                    default_filter_chain: {ECHO}
                """
                        .replace("ECHO", echo);
        String web = "static_resources.listeners[0].filter_chains";
        assertThat(useless(listeners.replace("FILTERS", "")))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        web + "[0].filter_chain_match.destination_port",
                        web + "[1].filter_chain_match.prefix_ranges",
                        web + "[2].filter_chain_match.server_names",
                        "static_resources.listeners[1].bind_to_port",
                        "static_resources.listeners[1].default_filter_chain");
        String restored =
                "use_original_dst: true\n    listener_filters: [{name: o, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst}}]";
        assertThat(useless(listeners.replace("FILTERS", restored)))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        web + "[2].filter_chain_match.server_names",
                        "static_resources.listeners[1].default_filter_chain");
    }

    @Test
    void chainsThatRestoredAddressesReach() throws Exception {
        String listener =
                """
                static_resources:
                  listeners:
                  - name: web
                    address: {socket_address: {address: 127.0.0.1, port_value: 1234}}
                    FIELD
                    filter_chains:
                    - {filter_chain_match: {destination_port: 80}, ECHO}
                    - {filter_chain_match: {prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}, ECHO}
                """
                        .replace(
                                "ECHO",
                                "use_proxy_proto: PROXY, filters: [{name: e, typed_config:"
                                        + " {\"@type\":"
                                        + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]");
        String plain = listener.replace("PROXY", "false");
        assertThat(useless(plain.replace("FIELD", "freebind: true"))).hasSize(2);
        for (String field :
                List.of(
                        "use_original_dst: true",
                        "transparent: true",
                        "socket_options: [{level: 0, name: 19, int_value: 1}]",
                        "additional_addresses: [{address: {socket_address: {address: 127.0.0.1,"
                                + " port_value: 1235}}, socket_options: {socket_options: [{level:"
                                + " 41, name: 75, int_value: 1}]}}]")) {
            assertThat(useless(plain.replace("FIELD", field))).as(field).isEmpty();
        }
        assertThat(useless(listener.replace("PROXY", "true").replace("FIELD", ""))).isEmpty();
    }

    @Test
    void internalListenersThatEndpointsOfAControlPlaneMayName() throws Exception {
        String bootstrap =
                """
                node: {id: node, cluster: tests}
                bootstrap_extensions: [{name: i, typed_config: {"@type": type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener}}]
                dynamic_resources: {ads_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: plane}}]}}
                static_resources:
                  listeners:
                  - name: inner
                    internal_listener: {}
                    filter_chains: [{filters: [{name: t, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: goods}}]}]
                  clusters:
                  - {name: plane, type: STATIC, load_assignment: {cluster_name: plane}}
                """;
        String here = "  - {name: goods, type: STATIC, load_assignment: {cluster_name: goods}}\n";
        String there =
                "  - {name: goods, type: EDS, eds_cluster_config: {eds_config:"
                        + " {resource_api_version: V3, ads: {}}}}\n";
        assertThat(useless(bootstrap + here))
                .extracting(Diagnostic::fieldPath)
                .containsExactly("static_resources.listeners[0].internal_listener");
        assertThat(useless(bootstrap + there)).isEmpty();
    }
}
