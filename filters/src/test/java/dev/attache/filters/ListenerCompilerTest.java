package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.filter.ListenerFilterPredicate;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import dev.attache.proxy.listener.filter.ProxyProtocolSpec;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketSettings;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.network.tcp.TcpProxySpec;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML listeners to specs or diagnostics; texts as the real Envoy 1.40 prints them. */
final class ListenerCompilerTest {
    private static final String ADDRESS =
            "address: {socket_address: {address: 127.0.0.1, port_value: 0}}";
    private static final String TCP =
            "{name: t, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,"
                    + " stat_prefix: a, cluster: c}}";

    private final ConfigFixture fixture = new ConfigFixture();

    @Test
    void defaultsAreEnvoys() {
        ListenerSpec spec = ok("{name: l, ADDRESS, filter_chains: [{filters: [TCP]}]}");
        assertThat(spec.address()).isEqualTo(IpAddress.parse("127.0.0.1", 0));
        assertThat(spec.bindToPort()).isTrue();
        assertThat(spec.listenerFiltersTimeoutMillis()).isEqualTo(15_000);
        assertThat(spec.perConnectionBufferLimitBytes()).isEqualTo(1 << 20);
        assertThat(spec.socket().reusePort()).isTrue();
        assertThat(spec.socket().transparent()).isNull();
        assertThat(spec.filterChains().getFirst().match()).isEqualTo(FilterChainMatch.ANY);
        assertThat(spec.filterChains().getFirst().filters().getFirst().spec())
                .isInstanceOfSatisfying(
                        TcpProxySpec.class,
                        tcp -> {
                            assertThat(tcp.idleTimeoutMillis()).isEqualTo(3_600_000);
                            assertThat(tcp.maxConnectAttempts()).isEqualTo(1);
                            assertThat(tcp.clusters().getFirst().name()).isEqualTo("c");
                        });
    }

    @Test
    void whatProbesIdleClients() {
        assertThat(
                        ok("{name: l, ADDRESS, tcp_keepalive: {keepalive_time: 9}, filter_chains:"
                                        + " [{filters: [TCP]}]}")
                                .socket()
                                .keepalive())
                .isEqualTo(new SocketSettings.TcpKeepalive(null, 9, null));
    }

    @Test
    void tcpConnectionsMayEndApartAndWithTheirListener() {
        String fields = "check_drain_close: true, max_downstream_connection_duration: 2s,";
        ListenerSpec spec =
                ok(
                        "{name: l, ADDRESS, filter_chains: [{filters: ["
                                + TCP.replace(
                                        "stat_prefix",
                                        fields
                                                + " max_downstream_connection_duration_jitter_percentage:"
                                                + " {value: 5}, stat_prefix")
                                + "]}]}");
        assertThat(spec.filterChains().getFirst().filters().getFirst().spec())
                .isInstanceOfSatisfying(
                        TcpProxySpec.class,
                        tcp -> {
                            assertThat(tcp.checkDrainClose()).isTrue();
                            assertThat(tcp.maxDownstreamConnectionDuration())
                                    .isEqualTo(new JitteredTime(2000, 5));
                        });
    }

    @Test
    void istiosVirtualInboundCompiles() {
        ListenerSpec spec =
                ok(
                        """
                        name: virtualInbound
                        address: {socket_address: {address: 0.0.0.0, port_value: 15006}}
                        traffic_direction: INBOUND
                        continue_on_listener_filters_timeout: true
                        listener_filters_timeout: 0s
                        max_connections_to_accept_per_socket_event: 1
                        connection_balance_config: {exact_balance: {}}
                        listener_filters:
                        - name: envoy.filters.listener.original_dst
                          typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst}
                        - name: envoy.filters.listener.tls_inspector
                          filter_disabled: {or_match: {rules: [{destination_port_range: {start: 10, end: 11}}, {not_match: {any_match: true}}]}}
                          typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector, initial_read_buffer_size: 512}
                        filter_chains:
                        - name: a
                          filter_chain_match:
                            destination_port: 8080
                            transport_protocol: tls
                            application_protocols: [istio, istio-peer-exchange]
                            prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]
                            server_names: ["*.Foo.com", bar]
                          filters: [TCP]
                        - filter_chain_match: {transport_protocol: raw_buffer}
                          filters: [TCP]
                        default_filter_chain: {filter_chain_match: {server_names: [x]}, filters: [TCP]}
                        """);
        assertThat(spec.trafficDirection()).isEqualTo(TrafficDirection.INBOUND);
        assertThat(spec.connectionBalance()).isEqualTo(ListenerSpec.ConnectionBalance.EXACT);
        assertThat(spec.listenerFilters().get(0).spec()).isEqualTo(new OriginalDstSpec());
        assertThat(spec.listenerFilters().get(1).spec())
                .isEqualTo(new TlsInspectorSpec(false, false, false));
        assertThat(spec.listenerFilters().get(1).disabled())
                .isEqualTo(
                        new ListenerFilterPredicate.Or(
                                List.of(
                                        new ListenerFilterPredicate.DestinationPort(10, 11),
                                        new ListenerFilterPredicate.Not(
                                                new ListenerFilterPredicate.AnyMatch()))));
        FilterChainMatch match = spec.filterChains().getFirst().match();
        assertThat(match.serverNames()).containsExactly("*.foo.com", "bar");
        assertThat(match.prefixRanges().getFirst()).hasToString("10.0.0.0/8");
        assertThat(match.applicationProtocols()).containsExactly("istio", "istio-peer-exchange");
        assertThat(spec.defaultFilterChain().match()).isEqualTo(FilterChainMatch.ANY);
    }

    @Test
    void otherFieldsImplyListenerFilters() {
        ListenerSpec spec =
                ok(
                        "{name: l, ADDRESS, use_original_dst: true, filter_chains:"
                                + " [{use_proxy_proto: true, filters: [TCP]}]}");
        assertThat(spec.useOriginalDst()).isTrue();
        assertThat(spec.listenerFilters())
                .extracting(entry -> (Object) entry.spec())
                .containsExactly(new OriginalDstSpec(), ProxyProtocolSpec.DEFAULTS);
    }

    @Test
    void fingerprintsTellChainChangesFromOthers() {
        ListenerSpec one = ok("{name: l, ADDRESS, filter_chains: [{filters: [TCP]}]}");
        ListenerSpec two = ok("{name: l, ADDRESS, filter_chains: [{name: x, filters: [TCP]}]}");
        ListenerSpec three =
                ok("{name: l, ADDRESS, freebind: true, filter_chains: [{filters: [TCP]}]}");
        assertThat(two.fingerprint()).isEqualTo(one.fingerprint());
        assertThat(two.filterChains().getFirst().fingerprint())
                .isNotEqualTo(one.filterChains().getFirst().fingerprint());
        assertThat(three.fingerprint()).isNotEqualTo(one.fingerprint());
        assertThat(one.becomesInPlace(two)).isTrue();
        assertThat(one.becomesInPlace(three)).isFalse();
        String filters =
                "{name: l, ADDRESS, listener_filters: [%s, %s], filter_chains: [{filters: [TCP]}]}";
        String filter =
                "{name: %s, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.filters.listener.%s}}";
        String tls = filter.formatted("t", "tls_inspector.v3.TlsInspector");
        String original = filter.formatted("o", "original_dst.v3.OriginalDst");
        ListenerSpec ab = ok(filters.formatted(tls, original));
        ListenerSpec ba = ok(filters.formatted(original, tls));
        assertThat(ab.becomesInPlace(ba)).isTrue();
    }

    @Test
    void eachListenerHasADiscoveredFilterOfItsOwnForAsLongAsItKeepsTheChain() {
        CompileSettings settings = fixture.settings();
        CompiledListener first = discovering("l", "a: {}, b: {}", settings);
        CompiledListener same = discovering("l", "b: {}, a: {}", settings);
        assertThat(same.spec().filterChains().getFirst().fingerprint())
                .as("the chain is kept")
                .isEqualTo(first.spec().filterChains().getFirst().fingerprint());
        assertThat(slot(same)).isSameAs(slot(first));
        assertThat(slot(discovering("l", "a: {}", settings))).isNotSameAs(slot(first));
        assertThat(slot(discovering("m", "a: {}, b: {}", settings))).isNotSameAs(slot(first));
        assertThat(slot(discovering("''", "a: {}", settings)))
                .isNotSameAs(slot(discovering("''", "a: {}", settings)));
    }

    private static CompiledListener discovering(
            String name, String metadata, CompileSettings settings) {
        String chain =
                "{filters: [{name: f, config_discovery: {config_source: {ads: {}}, type_urls:"
                        + " [envoy.extensions.filters.network.rbac.v3.RBAC]}}, "
                        + TCP.replace(
                                "cluster: c",
                                "cluster: c, metadata_match: {filter_metadata: {" + metadata + "}}")
                        + "]}";
        String yaml = "{name: %s, %s, filter_chains: [%s]}".formatted(name, ADDRESS, chain);
        return ListenerCompiler.compileResource(
                        ConfigFixture.parse(yaml, Listener.getDefaultInstance()), settings)
                .orThrow();
    }

    private static Object slot(CompiledListener listener) {
        return listener.discoveries().getFirst().slot();
    }

    @Test
    void sdsSecretsAreDependencies() {
        Compiled<CompiledListener> compiled =
                compile(
                        """
                        name: l
                        ADDRESS
                        filter_chains:
                        - filters: [TCP]
                          transport_socket:
                            name: tls
                            typed_config:
                              '@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                              require_client_certificate: true
                              common_tls_context:
                                tls_certificate_sds_secret_configs: [{name: default, sds_config: {ads: {}}}]
                                validation_context_sds_secret_config: {name: ROOTCA, sds_config: {ads: {}}}
                        """);
        CompiledListener listener = compiled.orThrow();
        assertThat(listener.dependencies())
                .extracting(d -> d.name())
                .containsExactly("default", "ROOTCA");
        assertThat(listener.spec().filterChains().getFirst().transport())
                .isInstanceOfSatisfying(
                        ServerTlsSpec.class,
                        tls -> {
                            assertThat(tls.requireClientCertificate()).isTrue();
                            assertThat(tls.validation().name()).isEqualTo("ROOTCA");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    ADDRESS; : error adding listener '127.0.0.1:0': no filter chains specified
                    filter_chains: [{}]; address: error adding listener named 'l': address is necessary
                    ADDRESS, filter_chains: [{filters: [TCP]},{filters: [TCP]}]; filter_chains[1]: error adding listener '127.0.0.1:0': filter chain '' has the same matching rules defined as ''
                    ADDRESS, filter_chains: [{filters: [TCP, TCP]}]; filter_chains[0].filters[0]: Error: terminal filter named t of type envoy.filters.network.tcp_proxy must be the last filter in a network filter chain.
                    ADDRESS, filter_chains: [{filters: [{name: x}]}]; filter_chains[0].filters[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
                    ADDRESS, filter_chains: [{filter_chain_match: {server_names: ['*w.com']}, filters: [TCP]}]; filter_chains[0].filter_chain_match.server_names[0]: error adding listener '127.0.0.1:0': partial wildcards are not supported in "server_names"
                    ADDRESS, filter_chains: [{filter_chain_match: {server_names: ['a.*']}, filters: [TCP]}]; filter_chains[0].filter_chain_match.server_names[0]: error adding listener '127.0.0.1:0': partial wildcards are not supported in "server_names"
                    ADDRESS, filter_chains: [{filter_chain_match: {prefix_ranges: [{address_prefix: a}]}, filters: [TCP]}]; filter_chains[0].filter_chain_match.prefix_ranges[0].address_prefix: malformed IP address: a
                    ADDRESS, filter_chains: [{filter_chain_match: {server_names: [a, b]}, filters: [TCP]},{filter_chain_match: {server_names: [b, c]}, filters: [TCP]}]; filter_chains[1]: error adding listener '127.0.0.1:0': multiple filter chains with overlapping matching rules are defined
                    address: {socket_address: {address: foo, port_value: 0}}, filter_chains: [{filters: [TCP]}]; address.socket_address.address: malformed IP address: foo
                    ADDRESS, listener_filters: [{name: x}], filter_chains: [{filters: [TCP]}]; listener_filters[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
                    ADDRESS, filter_chains: [{filters: [{name: t, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: a}}]}]; filter_chains[0].filters[0].typed_config.cluster_specifier: Proto constraint validation failed (field: "cluster_specifier", reason: is required)
                    ADDRESS, filter_chains: [{filters: [TCP], transport_socket: {name: tls, typed_config: {'@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext}}}]; filter_chains[0].transport_socket.typed_config.common_tls_context: No TLS certificates found for server context
                    ADDRESS, listener_filters_timeout: -1s, filter_chains: [{filters: [TCP]}]; listener_filters_timeout: Invalid duration: Expected positive duration: seconds: -1
                    """)
    void badListeners(String fields, String error) {
        assertThat(ConfigFixture.errors(compile("{name: l, " + fields + "}")))
                .containsExactly(error.strip());
    }

    private ListenerSpec ok(String yaml) {
        return compile(yaml).orThrow().spec();
    }

    private Compiled<CompiledListener> compile(String yaml) {
        String text =
                yaml.replace("ADDRESS", ADDRESS)
                        .replace("TCP]", TCP + "]")
                        .replace("[TCP,", "[" + TCP + ",");
        return ListenerCompiler.compileResource(
                ConfigFixture.parse(text, Listener.getDefaultInstance()), fixture.settings());
    }
}
