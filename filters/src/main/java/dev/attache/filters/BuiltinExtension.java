package dev.attache.filters;

import static dev.attache.config.extension.ExtensionCategory.ACCESS_LOGGER;
import static dev.attache.config.extension.ExtensionCategory.ACCESS_LOGGER_FILTER;
import static dev.attache.config.extension.ExtensionCategory.BOOTSTRAP;
import static dev.attache.config.extension.ExtensionCategory.CERTIFICATE_VALIDATOR;
import static dev.attache.config.extension.ExtensionCategory.COMPRESSOR;
import static dev.attache.config.extension.ExtensionCategory.DECOMPRESSOR;
import static dev.attache.config.extension.ExtensionCategory.DOWNSTREAM_TRANSPORT_SOCKET;
import static dev.attache.config.extension.ExtensionCategory.FORMATTER;
import static dev.attache.config.extension.ExtensionCategory.HEALTH_CHECK_EVENT_SINK;
import static dev.attache.config.extension.ExtensionCategory.HTTP_FILTER;
import static dev.attache.config.extension.ExtensionCategory.HTTP_FILTER_OVERRIDE;
import static dev.attache.config.extension.ExtensionCategory.HTTP_FILTER_ROUTE_FIELD;
import static dev.attache.config.extension.ExtensionCategory.INJECTED_CREDENTIAL;
import static dev.attache.config.extension.ExtensionCategory.LISTENER_FILTER;
import static dev.attache.config.extension.ExtensionCategory.LOAD_BALANCING_POLICY;
import static dev.attache.config.extension.ExtensionCategory.NETWORK_FILTER;
import static dev.attache.config.extension.ExtensionCategory.RATE_LIMIT_DESCRIPTOR;
import static dev.attache.config.extension.ExtensionCategory.RBAC_MATCHER;
import static dev.attache.config.extension.ExtensionCategory.RBAC_PRINCIPAL;
import static dev.attache.config.extension.ExtensionCategory.RESOURCE_MONITOR;
import static dev.attache.config.extension.ExtensionCategory.STATEFUL_SESSION;
import static dev.attache.config.extension.ExtensionCategory.STATS_SINK;
import static dev.attache.config.extension.ExtensionCategory.TRACER;
import static dev.attache.config.extension.ExtensionCategory.UPSTREAM_HTTP_FILTER;
import static dev.attache.config.extension.ExtensionCategory.UPSTREAM_NETWORK_FILTER;
import static dev.attache.config.extension.ExtensionCategory.UPSTREAM_OPTIONS;
import static dev.attache.config.extension.ExtensionCategory.UPSTREAM_TRANSPORT_SOCKET;

import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.filters.access_loggers.cel.ExpressionFilterFactory;
import dev.attache.filters.access_loggers.file.FileAccessLogFactory;
import dev.attache.filters.access_loggers.grpc.HttpGrpcAccessLogFactory;
import dev.attache.filters.access_loggers.grpc.TcpGrpcAccessLogFactory;
import dev.attache.filters.access_loggers.open_telemetry.OpenTelemetryAccessLogFactory;
import dev.attache.filters.access_loggers.stream.StderrAccessLogFactory;
import dev.attache.filters.access_loggers.stream.StdoutAccessLogFactory;
import dev.attache.filters.bootstrap.internal_listener.InternalListenerFactory;
import dev.attache.filters.compression.brotli.BrotliFactory;
import dev.attache.filters.compression.gzip.GzipFactory;
import dev.attache.filters.compression.zstd.ZstdFactory;
import dev.attache.filters.formatter.cel.CelFormatterFactory;
import dev.attache.filters.formatter.metadata.MetadataFormatterFactory;
import dev.attache.filters.formatter.req_without_query.ReqWithoutQueryFactory;
import dev.attache.filters.health_check.event_sinks.file.FileEventSinkFactory;
import dev.attache.filters.http.api_key_auth.ApiKeyAuthFactory;
import dev.attache.filters.http.api_key_auth.ApiKeyAuthPerRouteFactory;
import dev.attache.filters.http.bandwidth_limit.BandwidthLimitFactory;
import dev.attache.filters.http.bandwidth_limit.BandwidthLimitPerRouteFactory;
import dev.attache.filters.http.basic_auth.BasicAuthFactory;
import dev.attache.filters.http.basic_auth.BasicAuthPerRouteFactory;
import dev.attache.filters.http.buffer.BufferFilterFactory;
import dev.attache.filters.http.buffer.BufferPerRouteFactory;
import dev.attache.filters.http.composite.CompositeFactory;
import dev.attache.filters.http.composite.CompositePerRouteFactory;
import dev.attache.filters.http.compressor.CompressorFactory;
import dev.attache.filters.http.compressor.CompressorPerRouteFactory;
import dev.attache.filters.http.cors.CorsFieldFactory;
import dev.attache.filters.http.cors.CorsFilterFactory;
import dev.attache.filters.http.cors.CorsPolicyFactory;
import dev.attache.filters.http.credential_injector.CredentialInjectorFactory;
import dev.attache.filters.http.csrf.CsrfFactory;
import dev.attache.filters.http.csrf.CsrfPolicyFactory;
import dev.attache.filters.http.decompressor.DecompressorFactory;
import dev.attache.filters.http.dynamic_forward_proxy.DynamicForwardProxyFactory;
import dev.attache.filters.http.dynamic_forward_proxy.DynamicForwardProxyPerRouteFactory;
import dev.attache.filters.http.ext_authz.ExtAuthzFilterFactory;
import dev.attache.filters.http.ext_authz.ExtAuthzPerRouteFactory;
import dev.attache.filters.http.ext_proc.ExtProcFilterFactory;
import dev.attache.filters.http.ext_proc.ExtProcPerRouteFactory;
import dev.attache.filters.http.fault.FaultFilterFactory;
import dev.attache.filters.http.fault.FaultSettingsFactory;
import dev.attache.filters.http.grpc_http1_bridge.GrpcHttp1BridgeFactory;
import dev.attache.filters.http.grpc_http1_reverse_bridge.ReverseBridgeFactory;
import dev.attache.filters.http.grpc_http1_reverse_bridge.ReverseBridgePerRouteFactory;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderFactory;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderPerRouteFactory;
import dev.attache.filters.http.grpc_stats.GrpcStatsFilterFactory;
import dev.attache.filters.http.grpc_web.GrpcWebFilterFactory;
import dev.attache.filters.http.header_mutation.HeaderMutationFactory;
import dev.attache.filters.http.header_mutation.HeaderMutationPerRouteFactory;
import dev.attache.filters.http.header_to_metadata.HeaderToMetadataFactory;
import dev.attache.filters.http.header_to_metadata.HeaderToMetadataPerRouteFactory;
import dev.attache.filters.http.health_check.HealthCheckFactory;
import dev.attache.filters.http.json_to_metadata.JsonToMetadataFactory;
import dev.attache.filters.http.json_to_metadata.JsonToMetadataPerRouteFactory;
import dev.attache.filters.http.jwt_authn.JwtAuthnFactory;
import dev.attache.filters.http.jwt_authn.JwtAuthnPerRouteFactory;
import dev.attache.filters.http.local_ratelimit.LocalRateLimitFilterFactory;
import dev.attache.filters.http.local_ratelimit.LocalRateLimitSettingsFactory;
import dev.attache.filters.http.lua.LuaFilterFactory;
import dev.attache.filters.http.lua.LuaPerRouteFactory;
import dev.attache.filters.http.match_delegate.MatchDelegateFactory;
import dev.attache.filters.http.match_delegate.MatchDelegatePerRouteFactory;
import dev.attache.filters.http.oauth2.Oauth2FilterFactory;
import dev.attache.filters.http.oauth2.Oauth2PerRouteFactory;
import dev.attache.filters.http.original_src.OriginalSrcFilterFactory;
import dev.attache.filters.http.ratelimit.RateLimitFilterFactory;
import dev.attache.filters.http.ratelimit.RateLimitPerRouteFactory;
import dev.attache.filters.http.rbac.RbacFactory;
import dev.attache.filters.http.rbac.RbacPerRouteFactory;
import dev.attache.filters.http.router.RouterFilterFactory;
import dev.attache.filters.http.set_filter_state.SetFilterStateFactory;
import dev.attache.filters.http.set_filter_state.SetFilterStatePerRouteFactory;
import dev.attache.filters.http.set_metadata.SetMetadataFactory;
import dev.attache.filters.http.set_metadata.SetMetadataPerRouteFactory;
import dev.attache.filters.http.stateful_session.StatefulSessionFilterFactory;
import dev.attache.filters.http.stateful_session.StatefulSessionPerRouteFactory;
import dev.attache.filters.http.upstream_codec.UpstreamCodecFactory;
import dev.attache.filters.injected_credentials.generic.GenericCredentialFactory;
import dev.attache.filters.injected_credentials.oauth2.OAuth2CredentialFactory;
import dev.attache.filters.istio.alpn.AlpnFactory;
import dev.attache.filters.istio.metadata_exchange.MetadataExchangeFactory;
import dev.attache.filters.istio.metadata_exchange.UpstreamMetadataExchangeFactory;
import dev.attache.filters.istio.network_peer_metadata.TunnelPeerFactory;
import dev.attache.filters.istio.network_peer_metadata.UpstreamPeerFactory;
import dev.attache.filters.istio.peer_metadata.PeerMetadataFactory;
import dev.attache.filters.istio.stats.IstioStatsFactory;
import dev.attache.filters.istio.stats.NetworkIstioStatsFactory;
import dev.attache.filters.istio.workload.BootstrapExtensionFactory;
import dev.attache.filters.listener.http_inspector.HttpInspectorFactory;
import dev.attache.filters.listener.original_dst.OriginalDstFactory;
import dev.attache.filters.listener.original_src.OriginalSrcFactory;
import dev.attache.filters.listener.proxy_protocol.ProxyProtocolFactory;
import dev.attache.filters.listener.tls_inspector.TlsInspectorFactory;
import dev.attache.filters.load_balancing.cluster_provided.ClusterProvidedFactory;
import dev.attache.filters.load_balancing.least_request.LeastRequestFactory;
import dev.attache.filters.load_balancing.maglev.MaglevFactory;
import dev.attache.filters.load_balancing.override_host.OverrideHostFactory;
import dev.attache.filters.load_balancing.random.RandomFactory;
import dev.attache.filters.load_balancing.ring_hash.RingHashFactory;
import dev.attache.filters.load_balancing.round_robin.RoundRobinFactory;
import dev.attache.filters.load_balancing.subset.SubsetFactory;
import dev.attache.filters.load_balancing.wrr_locality.WrrLocalityFactory;
import dev.attache.filters.network.connection_limit.ConnectionLimitFactory;
import dev.attache.filters.network.direct_response.DirectResponseFactory;
import dev.attache.filters.network.echo.EchoFactory;
import dev.attache.filters.network.ext_authz.NetworkExtAuthzFactory;
import dev.attache.filters.network.http_connection_manager.HttpConnectionManagerFilterFactory;
import dev.attache.filters.network.ratelimit.NetworkRateLimitFactory;
import dev.attache.filters.network.rbac.NetworkRbacFactory;
import dev.attache.filters.network.sni_cluster.SniClusterFactory;
import dev.attache.filters.network.sni_dynamic_forward_proxy.SniDynamicForwardProxyFactory;
import dev.attache.filters.network.tcp_proxy.TcpProxyFactory;
import dev.attache.filters.rate_limit_descriptors.expr.ExprDescriptorFactory;
import dev.attache.filters.rbac.matchers.upstream_ip_port.UpstreamIpPortFactory;
import dev.attache.filters.rbac.principals.mtls_authenticated.MtlsAuthenticatedFactory;
import dev.attache.filters.resource_monitors.cgroup_memory.CgroupMemoryFactory;
import dev.attache.filters.resource_monitors.cpu_utilization.CpuUtilizationFactory;
import dev.attache.filters.resource_monitors.downstream_connections.DownstreamConnectionsFactory;
import dev.attache.filters.resource_monitors.fixed_heap.FixedHeapFactory;
import dev.attache.filters.resource_monitors.injected_resource.InjectedResourceFactory;
import dev.attache.filters.stat_sinks.dog_statsd.DogStatsdSinkFactory;
import dev.attache.filters.stat_sinks.graphite_statsd.GraphiteStatsdSinkFactory;
import dev.attache.filters.stat_sinks.metrics_service.MetricsServiceSinkFactory;
import dev.attache.filters.stat_sinks.open_telemetry.OpenTelemetrySinkFactory;
import dev.attache.filters.stat_sinks.statsd.StatsdSinkFactory;
import dev.attache.filters.stateful_session.cookie.CookieSessionFactory;
import dev.attache.filters.stateful_session.envelope.EnvelopeSessionFactory;
import dev.attache.filters.stateful_session.header.HeaderSessionFactory;
import dev.attache.filters.tracers.datadog.DatadogFactory;
import dev.attache.filters.tracers.opentelemetry.OpenTelemetryFactory;
import dev.attache.filters.tracers.skywalking.SkyWalkingFactory;
import dev.attache.filters.tracers.zipkin.ZipkinFactory;
import dev.attache.filters.transport_sockets.internal_upstream.InternalUpstreamFactory;
import dev.attache.filters.transport_sockets.proxy_protocol.UpstreamProxyProtocolFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferDownstreamFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferUpstreamFactory;
import dev.attache.filters.transport_sockets.tls.DownstreamTlsFactory;
import dev.attache.filters.transport_sockets.tls.SpiffeValidatorFactory;
import dev.attache.filters.transport_sockets.tls.UpstreamTlsFactory;
import dev.attache.filters.upstreams.http.HttpProtocolOptionsFactory;
import dev.attache.filters.upstreams.tcp.TcpProtocolOptionsFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Every extension that comes with the proxy, in one visible list. Removing one means deleting its
 * folder and its two lines here. Listing them loads none of their classes: a proxy has many and
 * uses few.
 *
 * <p>Longer than other files for it holds two lines for each extension.
 */
public enum BuiltinExtension implements ExtensionEntry {
    INTERNAL_LISTENER(
            BOOTSTRAP,
            "envoy.bootstrap.internal_listener",
            "envoy.extensions.bootstrap.internal_listener.v3.InternalListener"),
    ISTIO_WORKLOAD(
            BOOTSTRAP, "envoy.bootstrap.workload_discovery", "istio.workload.BootstrapExtension"),
    HTTP_INSPECTOR(
            LISTENER_FILTER,
            "envoy.filters.listener.http_inspector",
            "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector"),
    LISTENER_LOCAL_RATELIMIT(
            LISTENER_FILTER,
            "envoy.filters.listener.local_ratelimit",
            "envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit"),
    ORIGINAL_DST(
            LISTENER_FILTER,
            "envoy.filters.listener.original_dst",
            "envoy.extensions.filters.listener.original_dst.v3.OriginalDst"),
    LISTENER_ORIGINAL_SRC(
            LISTENER_FILTER,
            "envoy.filters.listener.original_src",
            "envoy.extensions.filters.listener.original_src.v3.OriginalSrc"),
    PROXY_PROTOCOL(
            LISTENER_FILTER,
            "envoy.filters.listener.proxy_protocol",
            "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"),
    TLS_INSPECTOR(
            LISTENER_FILTER,
            "envoy.filters.listener.tls_inspector",
            "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"),
    OPENTELEMETRY_TRACER(
            TRACER, "envoy.tracers.opentelemetry", "envoy.config.trace.v3.OpenTelemetryConfig"),
    DATADOG_TRACER(TRACER, "envoy.tracers.datadog", "envoy.config.trace.v3.DatadogConfig"),
    SKYWALKING_TRACER(TRACER, "envoy.tracers.skywalking", "envoy.config.trace.v3.SkyWalkingConfig"),
    ZIPKIN_TRACER(TRACER, "envoy.tracers.zipkin", "envoy.config.trace.v3.ZipkinConfig"),
    CONNECTION_LIMIT(
            NETWORK_FILTER,
            "envoy.filters.network.connection_limit",
            "envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit"),
    DIRECT_RESPONSE(
            NETWORK_FILTER,
            "envoy.filters.network.direct_response",
            "envoy.extensions.filters.network.direct_response.v3.Config"),
    ECHO(
            NETWORK_FILTER,
            "envoy.filters.network.echo",
            "envoy.extensions.filters.network.echo.v3.Echo"),
    NETWORK_EXT_AUTHZ(
            NETWORK_FILTER,
            "envoy.filters.network.ext_authz",
            "envoy.extensions.filters.network.ext_authz.v3.ExtAuthz"),
    HTTP_CONNECTION_MANAGER(
            NETWORK_FILTER,
            "envoy.filters.network.http_connection_manager",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    NETWORK_LOCAL_RATELIMIT(
            NETWORK_FILTER,
            "envoy.filters.network.local_ratelimit",
            "envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit"),
    NETWORK_RATELIMIT(
            NETWORK_FILTER,
            "envoy.filters.network.ratelimit",
            "envoy.extensions.filters.network.ratelimit.v3.RateLimit"),
    NETWORK_RBAC(
            NETWORK_FILTER,
            "envoy.filters.network.rbac",
            "envoy.extensions.filters.network.rbac.v3.RBAC"),
    NETWORK_SET_FILTER_STATE(
            NETWORK_FILTER,
            "envoy.filters.network.set_filter_state",
            "envoy.extensions.filters.network.set_filter_state.v3.Config"),
    SNI_DYNAMIC_FORWARD_PROXY(
            NETWORK_FILTER,
            "envoy.filters.network.sni_dynamic_forward_proxy",
            "envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig"),
    SNI_CLUSTER(
            NETWORK_FILTER,
            "envoy.filters.network.sni_cluster",
            "envoy.extensions.filters.network.sni_cluster.v3.SniCluster"),
    TCP_PROXY(
            NETWORK_FILTER,
            "envoy.filters.network.tcp_proxy",
            "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"),
    NETWORK_ISTIO_STATS(NETWORK_FILTER, "envoy.filters.network.istio_stats", "stats.PluginConfig"),
    API_KEY_AUTH(
            HTTP_FILTER,
            "envoy.filters.http.api_key_auth",
            "envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuth"),
    BASIC_AUTH(
            HTTP_FILTER,
            "envoy.filters.http.basic_auth",
            "envoy.extensions.filters.http.basic_auth.v3.BasicAuth"),
    BUFFER(
            HTTP_FILTER,
            "envoy.filters.http.buffer",
            "envoy.extensions.filters.http.buffer.v3.Buffer"),
    ISTIO_STATS(HTTP_FILTER, "envoy.filters.http.istio_stats", "stats.PluginConfig"),
    BANDWIDTH_LIMIT(
            HTTP_FILTER,
            "envoy.filters.http.bandwidth_limit",
            "envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit"),
    BANDWIDTH_LIMIT_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.bandwidth_limit",
            "envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit"),
    GRPC_HTTP1_REVERSE_BRIDGE(
            HTTP_FILTER,
            "envoy.filters.http.grpc_http1_reverse_bridge",
            "envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfig"),
    GRPC_HTTP1_REVERSE_BRIDGE_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.grpc_http1_reverse_bridge",
            "envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfigPerRoute"),
    DECOMPRESSOR_FILTER(
            HTTP_FILTER,
            "envoy.filters.http.decompressor",
            "envoy.extensions.filters.http.decompressor.v3.Decompressor"),
    HTTP_COMPRESSOR(
            HTTP_FILTER,
            "envoy.filters.http.compressor",
            "envoy.extensions.filters.http.compressor.v3.Compressor"),
    COMPOSITE(
            HTTP_FILTER,
            "envoy.filters.http.composite",
            "envoy.extensions.filters.http.composite.v3.Composite"),
    COMPOSITE_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.composite",
            "envoy.extensions.filters.http.composite.v3.CompositePerRoute"),
    UPSTREAM_COMPOSITE(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.composite",
            "envoy.extensions.filters.http.composite.v3.Composite"),
    MATCH_DELEGATE(
            HTTP_FILTER,
            "envoy.filters.http.match_delegate",
            "envoy.extensions.common.matching.v3.ExtensionWithMatcher"),
    MATCH_DELEGATE_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.match_delegate",
            "envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute"),
    UPSTREAM_MATCH_DELEGATE(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.match_delegate",
            "envoy.extensions.common.matching.v3.ExtensionWithMatcher"),
    CSRF(
            HTTP_FILTER,
            "envoy.filters.http.csrf",
            "envoy.extensions.filters.http.csrf.v3.CsrfPolicy"),
    CREDENTIAL_INJECTOR(
            HTTP_FILTER,
            "envoy.filters.http.credential_injector",
            "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector"),
    CORS(HTTP_FILTER, "envoy.filters.http.cors", "envoy.extensions.filters.http.cors.v3.Cors"),
    OAUTH2(
            HTTP_FILTER,
            "envoy.filters.http.oauth2",
            "envoy.extensions.filters.http.oauth2.v3.OAuth2"),
    OAUTH2_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.oauth2",
            "envoy.extensions.filters.http.oauth2.v3.OAuth2PerRoute"),
    EXT_AUTHZ(
            HTTP_FILTER,
            "envoy.filters.http.ext_authz",
            "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz"),
    EXT_PROC(
            HTTP_FILTER,
            "envoy.filters.http.ext_proc",
            "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"),
    UPSTREAM_EXT_PROC(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.ext_proc",
            "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"),
    FAULT(
            HTTP_FILTER,
            "envoy.filters.http.fault",
            "envoy.extensions.filters.http.fault.v3.HTTPFault"),
    LUA(HTTP_FILTER, "envoy.filters.http.lua", "envoy.extensions.filters.http.lua.v3.Lua"),
    UPSTREAM_LUA(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.lua",
            "envoy.extensions.filters.http.lua.v3.Lua"),
    LUA_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.lua",
            "envoy.extensions.filters.http.lua.v3.LuaPerRoute"),
    GRPC_HTTP1_BRIDGE(
            HTTP_FILTER,
            "envoy.filters.http.grpc_http1_bridge",
            "envoy.extensions.filters.http.grpc_http1_bridge.v3.Config"),
    GRPC_JSON_TRANSCODER(
            HTTP_FILTER,
            "envoy.filters.http.grpc_json_transcoder",
            "envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder"),
    GRPC_STATS(
            HTTP_FILTER,
            "envoy.filters.http.grpc_stats",
            "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig"),
    GRPC_WEB(
            HTTP_FILTER,
            "envoy.filters.http.grpc_web",
            "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb"),
    HEALTH_CHECK(
            HTTP_FILTER,
            "envoy.filters.http.health_check",
            "envoy.extensions.filters.http.health_check.v3.HealthCheck"),
    HEADER_MUTATION(
            HTTP_FILTER,
            "envoy.filters.http.header_mutation",
            "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"),
    HEADER_TO_METADATA(
            HTTP_FILTER,
            "envoy.filters.http.header_to_metadata",
            "envoy.extensions.filters.http.header_to_metadata.v3.Config"),
    LOCAL_RATELIMIT(
            HTTP_FILTER,
            "envoy.filters.http.local_ratelimit",
            "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"),
    JWT_AUTHN(
            HTTP_FILTER,
            "envoy.filters.http.jwt_authn",
            "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication"),
    HTTP_RBAC(HTTP_FILTER, "envoy.filters.http.rbac", "envoy.extensions.filters.http.rbac.v3.RBAC"),
    JSON_TO_METADATA(
            HTTP_FILTER,
            "envoy.filters.http.json_to_metadata",
            "envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata"),
    DYNAMIC_FORWARD_PROXY(
            HTTP_FILTER,
            "envoy.filters.http.dynamic_forward_proxy",
            "envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig"),
    SET_FILTER_STATE(
            HTTP_FILTER,
            "envoy.filters.http.set_filter_state",
            "envoy.extensions.filters.http.set_filter_state.v3.Config"),
    SET_METADATA(
            HTTP_FILTER,
            "envoy.filters.http.set_metadata",
            "envoy.extensions.filters.http.set_metadata.v3.Config"),
    ORIGINAL_SRC(
            HTTP_FILTER,
            "envoy.filters.http.original_src",
            "envoy.extensions.filters.http.original_src.v3.OriginalSrc"),
    STATEFUL_SESSION_FILTER(
            HTTP_FILTER,
            "envoy.filters.http.stateful_session",
            "envoy.extensions.filters.http.stateful_session.v3.StatefulSession"),
    STATEFUL_SESSION_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.stateful_session",
            "envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute"),
    GENERIC_CREDENTIAL(
            INJECTED_CREDENTIAL,
            "envoy.http.injected_credentials.generic",
            "envoy.extensions.http.injected_credentials.generic.v3.Generic"),
    OAUTH2_CREDENTIAL(
            INJECTED_CREDENTIAL,
            "envoy.http.injected_credentials.oauth2",
            "envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2"),
    COOKIE_SESSION(
            STATEFUL_SESSION,
            "envoy.http.stateful_session.cookie",
            "envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState"),
    ENVELOPE_SESSION(
            STATEFUL_SESSION,
            "envoy.http.stateful_session.envelope",
            "envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState"),
    HEADER_SESSION(
            STATEFUL_SESSION,
            "envoy.http.stateful_session.header",
            "envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState"),
    RATELIMIT(
            HTTP_FILTER,
            "envoy.filters.http.ratelimit",
            "envoy.extensions.filters.http.ratelimit.v3.RateLimit"),
    RATELIMIT_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.ratelimit",
            "envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute"),
    ROUTER(
            HTTP_FILTER,
            "envoy.filters.http.router",
            "envoy.extensions.filters.http.router.v3.Router"),
    GRPC_JSON_TRANSCODER_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.grpc_json_transcoder",
            "envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder"),
    JWT_AUTHN_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.jwt_authn",
            "envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig"),
    ISTIO_PEER_METADATA(
            HTTP_FILTER, "envoy.filters.http.peer_metadata", "io.istio.http.peer_metadata.Config"),
    ISTIO_METADATA_EXCHANGE(
            NETWORK_FILTER,
            "envoy.filters.network.metadata_exchange",
            "envoy.tcp.metadataexchange.config.MetadataExchange"),
    ISTIO_UPSTREAM_METADATA_EXCHANGE(
            UPSTREAM_NETWORK_FILTER,
            "envoy.filters.network.upstream.metadata_exchange",
            "envoy.tcp.metadataexchange.config.MetadataExchange"),
    ISTIO_NETWORK_PEER_METADATA(
            NETWORK_FILTER,
            "envoy.filters.network.peer_metadata",
            "envoy.extensions.network_filters.peer_metadata.Config"),
    ISTIO_UPSTREAM_PEER_METADATA(
            UPSTREAM_NETWORK_FILTER,
            "envoy.filters.network.upstream.peer_metadata",
            "envoy.extensions.network_filters.peer_metadata.UpstreamConfig"),
    ISTIO_ALPN(
            HTTP_FILTER, "istio.alpn", "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"),
    UPSTREAM_BUFFER(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.buffer",
            "envoy.extensions.filters.http.buffer.v3.Buffer"),
    UPSTREAM_COMPRESSOR(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.compressor",
            "envoy.extensions.filters.http.compressor.v3.Compressor"),
    UPSTREAM_CREDENTIAL_INJECTOR(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.credential_injector",
            "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector"),
    UPSTREAM_HEADER_MUTATION(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.header_mutation",
            "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"),
    UPSTREAM_CODEC(
            UPSTREAM_HTTP_FILTER,
            "envoy.filters.http.upstream_codec",
            "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec"),
    API_KEY_AUTH_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.api_key_auth",
            "envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuthPerRoute"),
    BASIC_AUTH_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.basic_auth",
            "envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute"),
    BUFFER_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.buffer",
            "envoy.extensions.filters.http.buffer.v3.BufferPerRoute"),
    HTTP_COMPRESSOR_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.compressor",
            "envoy.extensions.filters.http.compressor.v3.CompressorPerRoute"),
    CSRF_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.csrf",
            "envoy.extensions.filters.http.csrf.v3.CsrfPolicy"),
    CORS_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.cors",
            "envoy.extensions.filters.http.cors.v3.CorsPolicy"),
    EXT_AUTHZ_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.ext_authz",
            "envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute"),
    EXT_PROC_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.ext_proc",
            "envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute"),
    FAULT_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.fault",
            "envoy.extensions.filters.http.fault.v3.HTTPFault"),
    HEADER_MUTATION_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.header_mutation",
            "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute"),
    HEADER_TO_METADATA_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.header_to_metadata",
            "envoy.extensions.filters.http.header_to_metadata.v3.Config"),
    JSON_TO_METADATA_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.json_to_metadata",
            "envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata"),
    DYNAMIC_FORWARD_PROXY_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.dynamic_forward_proxy",
            "envoy.extensions.filters.http.dynamic_forward_proxy.v3.PerRouteConfig"),
    SET_FILTER_STATE_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.set_filter_state",
            "envoy.extensions.filters.http.set_filter_state.v3.Config"),
    SET_METADATA_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.set_metadata",
            "envoy.extensions.filters.http.set_metadata.v3.Config"),
    LOCAL_RATELIMIT_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.local_ratelimit",
            "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"),
    HTTP_RBAC_PER_ROUTE(
            HTTP_FILTER_OVERRIDE,
            "envoy.filters.http.rbac",
            "envoy.extensions.filters.http.rbac.v3.RBACPerRoute"),
    CORS_ROUTE_FIELD(
            HTTP_FILTER_ROUTE_FIELD, "envoy.filters.http.cors", "envoy.config.route.v3.CorsPolicy"),
    GZIP_DECOMPRESSION(
            DECOMPRESSOR,
            "envoy.compression.gzip.decompressor",
            "envoy.extensions.compression.gzip.decompressor.v3.Gzip"),
    BROTLI_DECOMPRESSION(
            DECOMPRESSOR,
            "envoy.compression.brotli.decompressor",
            "envoy.extensions.compression.brotli.decompressor.v3.Brotli"),
    ZSTD_DECOMPRESSION(
            DECOMPRESSOR,
            "envoy.compression.zstd.decompressor",
            "envoy.extensions.compression.zstd.decompressor.v3.Zstd"),
    GZIP(
            COMPRESSOR,
            "envoy.compression.gzip.compressor",
            "envoy.extensions.compression.gzip.compressor.v3.Gzip"),
    BROTLI(
            COMPRESSOR,
            "envoy.compression.brotli.compressor",
            "envoy.extensions.compression.brotli.compressor.v3.Brotli"),
    ZSTD(
            COMPRESSOR,
            "envoy.compression.zstd.compressor",
            "envoy.extensions.compression.zstd.compressor.v3.Zstd"),
    RAW_BUFFER_DOWNSTREAM(
            DOWNSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.raw_buffer",
            "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"),
    DOWNSTREAM_TLS(
            DOWNSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.tls",
            "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
    SPIFFE_VALIDATOR(
            CERTIFICATE_VALIDATOR,
            "envoy.tls.cert_validator.spiffe",
            "envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig"),
    RAW_BUFFER_UPSTREAM(
            UPSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.raw_buffer",
            "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"),
    UPSTREAM_TLS(
            UPSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.tls",
            "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
    UPSTREAM_PROXY_PROTOCOL(
            UPSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.upstream_proxy_protocol",
            "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport"),
    INTERNAL_UPSTREAM(
            UPSTREAM_TRANSPORT_SOCKET,
            "envoy.transport_sockets.internal_upstream",
            "envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport"),
    HTTP_PROTOCOL_OPTIONS(
            UPSTREAM_OPTIONS,
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"),
    TCP_PROTOCOL_OPTIONS(
            UPSTREAM_OPTIONS,
            "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions",
            "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions"),
    ROUND_ROBIN(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.round_robin",
            "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin"),
    LEAST_REQUEST(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.least_request",
            "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest"),
    RANDOM(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.random",
            "envoy.extensions.load_balancing_policies.random.v3.Random"),
    RING_HASH(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.ring_hash",
            "envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"),
    MAGLEV(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.maglev",
            "envoy.extensions.load_balancing_policies.maglev.v3.Maglev"),
    OVERRIDE_HOST(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.override_host",
            "envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost"),
    SUBSET(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.subset",
            "envoy.extensions.load_balancing_policies.subset.v3.Subset"),
    WRR_LOCALITY(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.wrr_locality",
            "envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality"),
    CLUSTER_PROVIDED(
            LOAD_BALANCING_POLICY,
            "envoy.load_balancing_policies.cluster_provided",
            "envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided"),
    FILE_EVENT_SINK(
            HEALTH_CHECK_EVENT_SINK,
            "envoy.health_check.event_sinks.file",
            "envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink"),
    FILE_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.file",
            "envoy.extensions.access_loggers.file.v3.FileAccessLog"),
    HTTP_GRPC_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.http_grpc",
            "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig"),
    OPEN_TELEMETRY_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.open_telemetry",
            "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig"),
    STDERR_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.stderr",
            "envoy.extensions.access_loggers.stream.v3.StderrAccessLog"),
    STDOUT_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.stdout",
            "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"),
    TCP_GRPC_ACCESS_LOG(
            ACCESS_LOGGER,
            "envoy.access_loggers.tcp_grpc",
            "envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig"),
    CEL_ACCESS_LOG_FILTER(
            ACCESS_LOGGER_FILTER,
            "envoy.access_loggers.extension_filters.cel",
            "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter"),
    CEL_FORMATTER(FORMATTER, "envoy.formatter.cel", "envoy.extensions.formatter.cel.v3.Cel"),
    STATSD_SINK(STATS_SINK, "envoy.stat_sinks.statsd", "envoy.config.metrics.v3.StatsdSink"),
    DOG_STATSD_SINK(
            STATS_SINK, "envoy.stat_sinks.dog_statsd", "envoy.config.metrics.v3.DogStatsdSink"),
    GRAPHITE_STATSD_SINK(
            STATS_SINK,
            "envoy.stat_sinks.graphite_statsd",
            "envoy.extensions.stat_sinks.graphite_statsd.v3.GraphiteStatsdSink"),
    METRICS_SERVICE_SINK(
            STATS_SINK,
            "envoy.stat_sinks.metrics_service",
            "envoy.config.metrics.v3.MetricsServiceConfig"),
    OPEN_TELEMETRY_SINK(
            STATS_SINK,
            "envoy.stat_sinks.open_telemetry",
            "envoy.extensions.stat_sinks.open_telemetry.v3.SinkConfig"),
    METADATA(
            FORMATTER,
            "envoy.formatter.metadata",
            "envoy.extensions.formatter.metadata.v3.Metadata"),
    REQ_WITHOUT_QUERY(
            FORMATTER,
            "envoy.formatter.req_without_query",
            "envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery"),
    UPSTREAM_IP_PORT(
            RBAC_MATCHER,
            "envoy.rbac.matchers.upstream_ip_port",
            "envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher"),
    MTLS_AUTHENTICATED(
            RBAC_PRINCIPAL,
            "envoy.rbac.principals.mtls_authenticated",
            "envoy.extensions.rbac.principals.mtls_authenticated.v3.Config"),
    EXPR_DESCRIPTOR(
            RATE_LIMIT_DESCRIPTOR,
            "envoy.rate_limit_descriptors.expr",
            "envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor"),
    DOWNSTREAM_CONNECTIONS(
            RESOURCE_MONITOR,
            "envoy.resource_monitors.global_downstream_max_connections",
            "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"),
    FIXED_HEAP(
            RESOURCE_MONITOR,
            "envoy.resource_monitors.fixed_heap",
            "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig"),
    INJECTED_RESOURCE(
            RESOURCE_MONITOR,
            "envoy.resource_monitors.injected_resource",
            "envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig"),
    CGROUP_MEMORY(
            RESOURCE_MONITOR,
            "envoy.resource_monitors.cgroup_memory",
            "envoy.extensions.resource_monitors.cgroup_memory.v3.CgroupMemoryConfig"),
    CPU_UTILIZATION(
            RESOURCE_MONITOR,
            "envoy.resource_monitors.cpu_utilization",
            "envoy.extensions.resource_monitors.cpu_utilization.v3.CpuUtilizationConfig");

    private final ExtensionKey key;
    private final String wellKnownName;

    BuiltinExtension(ExtensionCategory category, String wellKnownName, String messageType) {
        this.key = new ExtensionKey(category, messageType);
        this.wellKnownName = wellKnownName;
    }

    /** All of them, and those of matcher trees, which have a list of their own. */
    public static List<ExtensionEntry> all() {
        List<ExtensionEntry> all = new ArrayList<>();
        Collections.addAll(all, values());
        Collections.addAll(all, BuiltinMatching.values());
        return all;
    }

    @Override
    public ExtensionKey key() {
        return key;
    }

    @Override
    public String wellKnownName() {
        return wellKnownName;
    }

    @Override
    public ExtensionCompiler<?, ?> compiler() {
        return switch (this) {
            case INTERNAL_LISTENER -> new InternalListenerFactory();
            case HTTP_INSPECTOR -> new HttpInspectorFactory();
            case LISTENER_LOCAL_RATELIMIT ->
                    new dev.attache.filters.listener.local_ratelimit.LocalRateLimitFactory();
            case ORIGINAL_DST -> new OriginalDstFactory();
            case LISTENER_ORIGINAL_SRC -> new OriginalSrcFactory();
            case PROXY_PROTOCOL -> new ProxyProtocolFactory();
            case TLS_INSPECTOR -> new TlsInspectorFactory();
            case OPENTELEMETRY_TRACER -> new OpenTelemetryFactory();
            case DATADOG_TRACER -> new DatadogFactory();
            case SKYWALKING_TRACER -> new SkyWalkingFactory();
            case ZIPKIN_TRACER -> new ZipkinFactory();
            case CONNECTION_LIMIT -> new ConnectionLimitFactory();
            case DIRECT_RESPONSE -> new DirectResponseFactory();
            case ECHO -> new EchoFactory();
            case NETWORK_EXT_AUTHZ -> new NetworkExtAuthzFactory();
            case HTTP_CONNECTION_MANAGER -> new HttpConnectionManagerFilterFactory();
            case NETWORK_LOCAL_RATELIMIT ->
                    new dev.attache.filters.network.local_ratelimit.LocalRateLimitFactory();
            case NETWORK_RATELIMIT -> new NetworkRateLimitFactory();
            case NETWORK_RBAC -> new NetworkRbacFactory();
            case SNI_DYNAMIC_FORWARD_PROXY -> new SniDynamicForwardProxyFactory();
            case SNI_CLUSTER -> new SniClusterFactory();
            case TCP_PROXY -> new TcpProxyFactory();
            case NETWORK_ISTIO_STATS -> new NetworkIstioStatsFactory();
            case ISTIO_STATS -> new IstioStatsFactory();
            case API_KEY_AUTH -> new ApiKeyAuthFactory();
            case API_KEY_AUTH_PER_ROUTE -> new ApiKeyAuthPerRouteFactory();
            case BASIC_AUTH -> new BasicAuthFactory();
            case BASIC_AUTH_PER_ROUTE -> new BasicAuthPerRouteFactory();
            case BUFFER, UPSTREAM_BUFFER -> new BufferFilterFactory();
            case BANDWIDTH_LIMIT -> new BandwidthLimitFactory();
            case BANDWIDTH_LIMIT_PER_ROUTE -> new BandwidthLimitPerRouteFactory();
            case GRPC_HTTP1_REVERSE_BRIDGE -> new ReverseBridgeFactory();
            case GRPC_HTTP1_REVERSE_BRIDGE_PER_ROUTE -> new ReverseBridgePerRouteFactory();
            case DECOMPRESSOR_FILTER -> new DecompressorFactory();
            case GZIP_DECOMPRESSION -> new dev.attache.filters.decompression.gzip.GzipFactory();
            case BROTLI_DECOMPRESSION ->
                    new dev.attache.filters.decompression.brotli.BrotliFactory();
            case ZSTD_DECOMPRESSION -> new dev.attache.filters.decompression.zstd.ZstdFactory();
            case HTTP_COMPRESSOR, UPSTREAM_COMPRESSOR -> new CompressorFactory();
            case COMPOSITE -> new CompositeFactory(HTTP_FILTER);
            case COMPOSITE_PER_ROUTE -> new CompositePerRouteFactory();
            case UPSTREAM_COMPOSITE -> new CompositeFactory(UPSTREAM_HTTP_FILTER);
            case MATCH_DELEGATE -> new MatchDelegateFactory(HTTP_FILTER);
            case MATCH_DELEGATE_PER_ROUTE -> new MatchDelegatePerRouteFactory();
            case UPSTREAM_MATCH_DELEGATE -> new MatchDelegateFactory(UPSTREAM_HTTP_FILTER);
            case CREDENTIAL_INJECTOR -> new CredentialInjectorFactory(HTTP_FILTER);
            case UPSTREAM_CREDENTIAL_INJECTOR ->
                    new CredentialInjectorFactory(UPSTREAM_HTTP_FILTER);
            case GENERIC_CREDENTIAL -> new GenericCredentialFactory();
            case OAUTH2_CREDENTIAL -> new OAuth2CredentialFactory();
            case CORS -> new CorsFilterFactory();
            case CSRF -> new CsrfFactory();
            case CSRF_PER_ROUTE -> new CsrfPolicyFactory();
            case LUA, UPSTREAM_LUA -> new LuaFilterFactory();
            case LUA_PER_ROUTE -> new LuaPerRouteFactory();
            case OAUTH2 -> new Oauth2FilterFactory();
            case OAUTH2_PER_ROUTE -> new Oauth2PerRouteFactory();
            case EXT_AUTHZ -> new ExtAuthzFilterFactory();
            case EXT_PROC -> new ExtProcFilterFactory(HTTP_FILTER);
            case UPSTREAM_EXT_PROC -> new ExtProcFilterFactory(UPSTREAM_HTTP_FILTER);
            case FAULT -> new FaultFilterFactory();
            case GRPC_HTTP1_BRIDGE -> new GrpcHttp1BridgeFactory();
            case GRPC_JSON_TRANSCODER -> new TranscoderFactory();
            case GRPC_JSON_TRANSCODER_PER_ROUTE -> new TranscoderPerRouteFactory();
            case GRPC_STATS -> new GrpcStatsFilterFactory();
            case GRPC_WEB -> new GrpcWebFilterFactory();
            case HEALTH_CHECK -> new HealthCheckFactory();
            case HEADER_MUTATION, UPSTREAM_HEADER_MUTATION -> new HeaderMutationFactory();
            case HEADER_TO_METADATA -> new HeaderToMetadataFactory();
            case JSON_TO_METADATA -> new JsonToMetadataFactory();
            case DYNAMIC_FORWARD_PROXY -> new DynamicForwardProxyFactory();
            case SET_FILTER_STATE -> new SetFilterStateFactory();
            case NETWORK_SET_FILTER_STATE ->
                    new dev.attache.filters.network.set_filter_state.SetFilterStateFactory();
            case SET_METADATA -> new SetMetadataFactory();
            case LOCAL_RATELIMIT -> new LocalRateLimitFilterFactory();
            case JWT_AUTHN -> new JwtAuthnFactory();
            case JWT_AUTHN_PER_ROUTE -> new JwtAuthnPerRouteFactory();
            case HTTP_RBAC -> new RbacFactory();
            case ORIGINAL_SRC -> new OriginalSrcFilterFactory();
            case STATEFUL_SESSION_FILTER -> new StatefulSessionFilterFactory();
            case STATEFUL_SESSION_PER_ROUTE -> new StatefulSessionPerRouteFactory();
            case COOKIE_SESSION -> new CookieSessionFactory();
            case ENVELOPE_SESSION -> new EnvelopeSessionFactory();
            case HEADER_SESSION -> new HeaderSessionFactory();
            case RATELIMIT -> new RateLimitFilterFactory();
            case RATELIMIT_PER_ROUTE -> new RateLimitPerRouteFactory();
            case ROUTER -> new RouterFilterFactory();
            case ISTIO_PEER_METADATA -> new PeerMetadataFactory();
            case ISTIO_METADATA_EXCHANGE -> new MetadataExchangeFactory();
            case ISTIO_UPSTREAM_METADATA_EXCHANGE -> new UpstreamMetadataExchangeFactory();
            case ISTIO_WORKLOAD -> new BootstrapExtensionFactory();
            case ISTIO_NETWORK_PEER_METADATA -> new TunnelPeerFactory();
            case ISTIO_UPSTREAM_PEER_METADATA -> new UpstreamPeerFactory();
            case ISTIO_ALPN -> new AlpnFactory();
            case UPSTREAM_CODEC -> new UpstreamCodecFactory();
            case BUFFER_PER_ROUTE -> new BufferPerRouteFactory();
            case HTTP_COMPRESSOR_PER_ROUTE -> new CompressorPerRouteFactory();
            case CORS_PER_ROUTE -> new CorsPolicyFactory();
            case EXT_AUTHZ_PER_ROUTE -> new ExtAuthzPerRouteFactory();
            case EXT_PROC_PER_ROUTE -> new ExtProcPerRouteFactory();
            case FAULT_PER_ROUTE -> new FaultSettingsFactory();
            case HEADER_MUTATION_PER_ROUTE -> new HeaderMutationPerRouteFactory();
            case HEADER_TO_METADATA_PER_ROUTE -> new HeaderToMetadataPerRouteFactory();
            case JSON_TO_METADATA_PER_ROUTE -> new JsonToMetadataPerRouteFactory();
            case DYNAMIC_FORWARD_PROXY_PER_ROUTE -> new DynamicForwardProxyPerRouteFactory();
            case SET_FILTER_STATE_PER_ROUTE -> new SetFilterStatePerRouteFactory();
            case SET_METADATA_PER_ROUTE -> new SetMetadataPerRouteFactory();
            case LOCAL_RATELIMIT_PER_ROUTE -> new LocalRateLimitSettingsFactory();
            case HTTP_RBAC_PER_ROUTE -> new RbacPerRouteFactory();
            case CORS_ROUTE_FIELD -> new CorsFieldFactory();
            case GZIP -> new GzipFactory();
            case BROTLI -> new BrotliFactory();
            case ZSTD -> new ZstdFactory();
            case RAW_BUFFER_DOWNSTREAM -> new RawBufferDownstreamFactory();
            case DOWNSTREAM_TLS -> new DownstreamTlsFactory();
            case SPIFFE_VALIDATOR -> new SpiffeValidatorFactory();
            case RAW_BUFFER_UPSTREAM -> new RawBufferUpstreamFactory();
            case UPSTREAM_TLS -> new UpstreamTlsFactory();
            case UPSTREAM_PROXY_PROTOCOL -> new UpstreamProxyProtocolFactory();
            case INTERNAL_UPSTREAM -> new InternalUpstreamFactory();
            case HTTP_PROTOCOL_OPTIONS -> new HttpProtocolOptionsFactory();
            case TCP_PROTOCOL_OPTIONS -> new TcpProtocolOptionsFactory();
            case ROUND_ROBIN -> new RoundRobinFactory();
            case LEAST_REQUEST -> new LeastRequestFactory();
            case RANDOM -> new RandomFactory();
            case RING_HASH -> new RingHashFactory();
            case MAGLEV -> new MaglevFactory();
            case OVERRIDE_HOST -> new OverrideHostFactory();
            case SUBSET -> new SubsetFactory();
            case WRR_LOCALITY -> new WrrLocalityFactory();
            case CLUSTER_PROVIDED -> new ClusterProvidedFactory();
            case FILE_EVENT_SINK -> new FileEventSinkFactory();
            case FILE_ACCESS_LOG -> new FileAccessLogFactory();
            case HTTP_GRPC_ACCESS_LOG -> new HttpGrpcAccessLogFactory();
            case OPEN_TELEMETRY_ACCESS_LOG -> new OpenTelemetryAccessLogFactory();
            case STDERR_ACCESS_LOG -> new StderrAccessLogFactory();
            case STDOUT_ACCESS_LOG -> new StdoutAccessLogFactory();
            case TCP_GRPC_ACCESS_LOG -> new TcpGrpcAccessLogFactory();
            case CEL_ACCESS_LOG_FILTER -> new ExpressionFilterFactory();
            case CEL_FORMATTER -> new CelFormatterFactory();
            case STATSD_SINK -> new StatsdSinkFactory();
            case DOG_STATSD_SINK -> new DogStatsdSinkFactory();
            case GRAPHITE_STATSD_SINK -> new GraphiteStatsdSinkFactory();
            case METRICS_SERVICE_SINK -> new MetricsServiceSinkFactory();
            case OPEN_TELEMETRY_SINK -> new OpenTelemetrySinkFactory();
            case METADATA -> new MetadataFormatterFactory();
            case REQ_WITHOUT_QUERY -> new ReqWithoutQueryFactory();
            case UPSTREAM_IP_PORT -> new UpstreamIpPortFactory();
            case MTLS_AUTHENTICATED -> new MtlsAuthenticatedFactory();
            case EXPR_DESCRIPTOR -> new ExprDescriptorFactory();
            case DOWNSTREAM_CONNECTIONS -> new DownstreamConnectionsFactory();
            case FIXED_HEAP -> new FixedHeapFactory();
            case INJECTED_RESOURCE -> new InjectedResourceFactory();
            case CGROUP_MEMORY -> new CgroupMemoryFactory();
            case CPU_UTILIZATION -> new CpuUtilizationFactory();
        };
    }
}
