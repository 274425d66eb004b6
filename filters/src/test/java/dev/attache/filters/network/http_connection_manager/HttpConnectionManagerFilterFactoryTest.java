package dev.attache.filters.network.http_connection_manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.CodecType;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ServerHeader;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.network.http.LocalReplySpec;
import dev.attache.proxy.network.http.request.ForwardClientCert;
import dev.attache.proxy.network.http.request.ForwardProto;
import dev.attache.proxy.network.http.request.XfccDetail;
import dev.attache.proxy.network.http.request.XfccMode;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML connection managers to specs or diagnostics; texts as the real Envoy 1.40 prints them. */
final class HttpConnectionManagerFilterFactoryTest {
    private static final String ROUTER =
            "{name: r, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}";
    private static final String FILE =
            "'@type': type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog,"
                    + " path: /dev/null";
    private static final String INPUT =
            "{name: i, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput,"
                    + " header_name: x}}";
    private static final String ACTION =
            "'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertConfig";

    private final ConfigFixture fixture = new ConfigFixture();

    @Test
    void defaultsAreEnvoys() {
        HttpConnectionManagerSpec spec = ok("route_config: {}, http_filters: [ROUTER]");
        assertThat(spec.codecType()).isEqualTo(CodecType.AUTO);
        assertThat(spec.timeouts()).isEqualTo(Timeouts.DEFAULTS);
        assertThat(spec.http2()).isEqualTo(Http2Options.DEFAULTS);
        assertThat(spec.localReplies()).isEqualTo(LocalReplySpec.NONE);
        assertThat(spec.identity().serverName()).isEqualTo("envoy");
        assertThat(spec.identity().serverHeader()).isEqualTo(ServerHeader.OVERWRITE);
        assertThat(spec.requestIds().generate()).isTrue();
        assertThat(spec.requestIds().packTraceReason()).isTrue();
        assertThat(spec.paths().normalize()).isFalse();
        assertThat(spec.paths().rejectFragment()).isTrue();
        assertThat(spec.clientAddress().internalCidrs()).isEmpty();
        assertThat(spec.stripPort()).isEqualTo(StripPort.NONE);
        assertThat(spec.maxRequestHeadersKb()).isEqualTo(60);
        assertThat(spec.filters().getFirst().filter()).isEqualTo(RouterSpec.DEFAULTS);
    }

    @Test
    void istiosInboundManagerCompiles() {
        HttpConnectionManagerSpec spec =
                ok(
                        """
                        rds: {route_config_name: inbound, config_source: {ads: {}, initial_fetch_timeout: 0s}},
                        http_filters: [{name: opt, is_optional: true, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue, value: x}}, ROUTER],
                        server_name: istio-envoy, use_remote_address: false, stream_idle_timeout: 0s, normalize_path: true,
                        forward_client_cert_details: APPEND_FORWARD,
                        set_current_client_cert_details: {subject: true, dns: true, uri: true},
                        upgrade_configs: [{upgrade_type: websocket}],
                        request_id_extension: {typed_config: {'@type': type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig, use_request_id_for_trace_sampling: true}},
                        path_with_escaped_slashes_action: KEEP_UNCHANGED, proxy_100_continue: true,
                        common_http_protocol_options: {idle_timeout: 3s, max_requests_per_connection: 4, headers_with_underscores_action: REJECT_REQUEST},
                        local_reply_config: {mappers: [{filter: {status_code_filter: {comparison: {op: GE, value: {default_value: 500, runtime_key: k}}}}, status_code: 503, body: {inline_string: nope}, headers_to_add: [{header: {key: a, value: b}}]}], body_format: {json_format: {m: "%LOCAL_REPLY_BODY%"}}}
                        """);
        assertThat(spec.routes()).isEqualTo(new Routes.Discovered("inbound"));
        assertThat(spec.filters()).hasSize(1);
        assertThat(spec.timeouts().streamIdle()).isZero();
        assertThat(spec.timeouts().connectionIdle()).isEqualTo(3000);
        assertThat(spec.maxRequestsPerConnection()).isEqualTo(4);
        assertThat(spec.forwardClientCert().mode()).isEqualTo(XfccMode.APPEND_FORWARD);
        assertThat(spec.forwardClientCert().details())
                .containsExactlyInAnyOrder(XfccDetail.SUBJECT, XfccDetail.DNS, XfccDetail.URI);
        assertThat(spec.upgrades().get("websocket").enabled()).isTrue();
        assertThat(spec.localReplies().mappers().getFirst().status()).isEqualTo(503);
        assertThat(spec.localReplies().bodyFormat().contentType()).isEqualTo("application/json");
    }

    @Test
    void earlyEditsOfAllExtensionsComeOneAfterAnother() {
        List<HeaderEdit> edits =
                ok("""
                route_config: {}, http_filters: [ROUTER],
                early_header_mutation_extensions: [
                  {name: a, typed_config: {'@type': type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation, mutations: [{remove: x-gone}, {append: {header: {key: x-a, value: "%REQ(x-b)%"}}}]}},
                  {name: b, typed_config: {'@type': type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation, mutations: [{append: {header: {key: x-b, value: late}}}]}}]
                """)
                        .earlyEdits();
        Headers headers = new Headers();
        headers.add(HeaderName.of("x-gone"), "1");
        headers.add(HeaderName.of("x-b"), "b");
        HeaderEdit.apply(edits, headers, FormatContext.of(null, headers));
        assertThat(headers.get(HeaderName.of("x-gone"))).isNull();
        assertThat(headers.get(HeaderName.of("x-a"))).isEqualTo("b");
        assertThat(headers.get(HeaderName.of("x-b"))).isEqualTo("b");
        assertThat(edits).hasSize(3);
    }

    @Test
    void whatBeganTogetherNeedNotEndTogether() {
        Timeouts timeouts =
                ok("route_config: {}, http_filters: [ROUTER], drain_timeout: 2s,"
                                + " drain_timeout_jitter: {value: 50}, common_http_protocol_options:"
                                + " {max_connection_duration: 1s, max_connection_duration_jitter:"
                                + " {value: 12.5}}")
                        .timeouts();
        assertThat(timeouts.drain()).isEqualTo(new JitteredTime(2000, 50));
        assertThat(timeouts.maxConnectionDuration()).isEqualTo(new JitteredTime(1000, 12.5));
    }

    @Test
    void resetsOfStreamsAreLimited() {
        Http2Options options =
                ok("route_config: {}, http_filters: [ROUTER], http2_protocol_options:"
                                + " {stream_reset_burst: 3, stream_reset_rate: 18446744073709551615}")
                        .http2();
        assertThat(options.streamResetBurst()).isEqualTo(3);
        assertThat(options.streamResetRate()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void schemesFollowFromRestoredDestinations() {
        assertThat(ok("route_config: {}, http_filters: [ROUTER]").clientAddress().forwardProto())
                .isSameAs(ForwardProto.NONE);
        assertThat(
                        ok("route_config: {}, http_filters: [ROUTER], forward_proto_config:"
                                        + " {https_destination_ports: [443],"
                                        + " http_destination_ports: [80, 81]}")
                                .clientAddress()
                                .forwardProto())
                .isEqualTo(new ForwardProto(Set.of(443), Set.of(80, 81)));
    }

    @Test
    void clientCertificatesAreToldAsTheRequestsMatcherSays() {
        ForwardClientCert told =
                ok("route_config: {}, http_filters: [ROUTER],"
                                + " forward_client_cert_details: SANITIZE_SET,"
                                + " set_current_client_cert_details: {dns: true, issuer: true,"
                                + " format: JSON}, forward_client_cert_matcher: {matcher_list:"
                                + " {matchers: [{predicate: {single_predicate: {input: INPUT,"
                                + " value_match: {prefix: a}}}, on_match: {action: {name: a,"
                                + " typed_config: {ACTION, forward_client_cert_details:"
                                + " FORWARD_ONLY}}}}]}}")
                        .forwardClientCert();
        assertThat(told.mode()).isEqualTo(XfccMode.SANITIZE_SET);
        assertThat(told.details()).containsExactlyInAnyOrder(XfccDetail.DNS, XfccDetail.ISSUER);
        assertThat(told.json()).isTrue();
        assertThat(told.matcher().pick(request("abc")).mode()).isEqualTo(XfccMode.FORWARD_ONLY);
        assertThat(told.matcher().pick(request("b"))).isNull();
    }

    private static FormatContext request(String value) {
        Headers headers = new Headers();
        headers.add(HeaderName.of("x"), value);
        return FormatContext.of(null, headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    {matcher_list: {matchers: [{predicate: {single_predicate: {input: INPUT, custom_match: {name: c, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue}}}}, on_match: {action: {name: a, typed_config: {ACTION}}}}]}}; .matcher_list.matchers[0].predicate.single_predicate.custom_match.typed_config: Didn't find a registered implementation for 'c' with type URL: 'google.protobuf.StringValue'
                    {on_no_match: {keep_matching: true, action: {name: a, typed_config: {ACTION}}}}; .on_no_match.keep_matching: keep_matching is not supported in this context
                    {matcher_tree: {input: {name: i, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue}}, exact_match_map: {map: {a: {action: {name: a, typed_config: {ACTION}}}}}}}; .matcher_tree.input.typed_config: Didn't find a registered implementation for 'i' with type URL: 'google.protobuf.StringValue'
                    {on_no_match: {action: {name: a, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue}}}}; .on_no_match.action.typed_config: Unable to unpack as envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertConfig: got google.protobuf.StringValue
                    """)
    void badMatchersOfClientCertificates(String matcher, String error) {
        String fields = "route_config: {}, http_filters: [ROUTER], forward_client_cert_matcher: ";
        assertThat(ConfigFixture.errors(listener(fields + matcher)))
                .containsExactly(
                        "filter_chains[0].filters[0].typed_config.forward_client_cert_matcher"
                                + error.strip());
    }

    @Test
    void rdsIsADependency() {
        CompiledListener listener =
                listener(
                                "rds: {route_config_name: 80, config_source: {ads: {}}}, http_filters: [ROUTER]"
                                        .replace("80", "\"80\""))
                        .orThrow();
        assertThat(listener.dependencies())
                .extracting(d -> d.name() + " of " + d.statPrefix())
                .containsExactly("80 of a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    http_filters: [ROUTER]; .route_specifier: Proto constraint validation failed (field: "route_specifier", reason: is required)
                    http_filters: [ROUTER, ROUTER], route_config: {}; .http_filters[0]: Error: terminal filter named r of type envoy.filters.http.router must be the last filter in a http filter chain.
                    http_filters: [{name: x}], route_config: {}; .http_filters[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
                    http_filters: [{name: x, disabled: true, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}], route_config: {}; .http_filters[0].disabled: Error: the last (terminal) filter (x) in the chain cannot be disabled by default.
                    http_filters: [ROUTER], route_config: {}, codec_type: HTTP3; .codec_type: HTTP/3 codec configured on non-QUIC listener.
                    http_filters: [ROUTER], route_config: {}, use_remote_address: true, original_ip_detection_extensions: [{name: a, typed_config: {'@type': type.googleapis.com/envoy.extensions.http.original_ip_detection.xff.v3.XffConfig}}]; .original_ip_detection_extensions: Original IP detection extensions and use_remote_address may not be mixed
                    http_filters: [ROUTER], route_config: {}, upgrade_configs: [{upgrade_type: websocket},{upgrade_type: WebSocket}]; .upgrade_configs[1]: Error: multiple upgrade configs with the same name: 'WebSocket'
                    http_filters: [ROUTER], route_config: {}, strip_any_host_port: true, strip_matching_host_port: true; .strip_any_host_port: Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.
                    http_filters: [ROUTER], rds: {route_config_name: a}; .rds: An RDS config must have either a 'config_source' or an xDS-TP based 'route_config_name'. Error while parsing RDS config:
                    http_filters: [ROUTER], route_config: {}, access_log: [{name: x}]; .access_log[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
                    http_filters: [ROUTER], route_config: {}, access_log: [{name: x, typed_config: {FILE, log_format: {text_format: '%BLA%'}}}]; .access_log[0].typed_config.log_format.text_format: Not supported field in StreamInfo: BLA
                    http_filters: [ROUTER], route_config: {}, access_log: [{name: x, filter: {}, typed_config: {FILE}}]; .access_log[0].filter.filter_specifier: Proto constraint validation failed (HttpConnectionManagerValidationError.AccessLog[0]: embedded message failed validation | caused by AccessLogValidationError.Filter: embedded message failed validation | caused by field: "filter_specifier", reason: is required)
                    http_filters: [ROUTER], route_config: {}, drain_timeout: -1s; .drain_timeout: Invalid duration: Expected positive duration: seconds: -1
                    http_filters: [ROUTER], route_config: {}, proxy_status_config: {}; .proxy_status_config: field 'proxy_status_config' of envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager cannot be honoured: the Proxy-Status header is not built yet
                    """)
    void badManagers(String fields, String error) {
        assertThat(ConfigFixture.errors(listener(fields)))
                .containsExactly("filter_chains[0].filters[0].typed_config" + error.strip());
    }

    private HttpConnectionManagerSpec ok(String fields) {
        return (HttpConnectionManagerSpec)
                listener(fields)
                        .orThrow()
                        .spec()
                        .filterChains()
                        .getFirst()
                        .filters()
                        .getFirst()
                        .spec();
    }

    private Compiled<CompiledListener> listener(String fields) {
        String yaml =
                "{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 0}},"
                        + " filter_chains: [{filters: [{name: h, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                        + " stat_prefix: a, "
                        + fields.replace("ROUTER", ROUTER)
                                .replace("FILE", FILE)
                                .replace("INPUT", INPUT)
                                .replace("ACTION", ACTION)
                        + "}}]}]}";
        return ListenerCompiler.compileResource(
                ConfigFixture.parse(yaml, Listener.getDefaultInstance()), fixture.settings());
    }
}
