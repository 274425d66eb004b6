package dev.attache.filters;

import dev.attache.config.extension.ExtensionFactory;
import dev.attache.filters.access_loggers.file.FileAccessLogFactory;
import dev.attache.filters.access_loggers.stream.StderrAccessLogFactory;
import dev.attache.filters.access_loggers.stream.StdoutAccessLogFactory;
import dev.attache.filters.bootstrap.internal_listener.InternalListenerFactory;
import dev.attache.filters.compression.brotli.BrotliFactory;
import dev.attache.filters.compression.gzip.GzipFactory;
import dev.attache.filters.compression.zstd.ZstdFactory;
import dev.attache.filters.formatter.metadata.MetadataFormatterFactory;
import dev.attache.filters.formatter.req_without_query.ReqWithoutQueryFactory;
import dev.attache.filters.health_check.event_sinks.file.FileEventSinkFactory;
import dev.attache.filters.http.buffer.BufferFilterFactory;
import dev.attache.filters.http.buffer.BufferPerRouteFactory;
import dev.attache.filters.http.compressor.CompressorFactory;
import dev.attache.filters.http.compressor.CompressorPerRouteFactory;
import dev.attache.filters.http.cors.CorsFieldFactory;
import dev.attache.filters.http.cors.CorsFilterFactory;
import dev.attache.filters.http.cors.CorsPolicyFactory;
import dev.attache.filters.http.fault.FaultFilterFactory;
import dev.attache.filters.http.fault.FaultSettingsFactory;
import dev.attache.filters.http.grpc_stats.GrpcStatsFilterFactory;
import dev.attache.filters.http.router.RouterFilterFactory;
import dev.attache.filters.listener.http_inspector.HttpInspectorFactory;
import dev.attache.filters.listener.original_dst.OriginalDstFactory;
import dev.attache.filters.listener.proxy_protocol.ProxyProtocolFactory;
import dev.attache.filters.listener.tls_inspector.TlsInspectorFactory;
import dev.attache.filters.load_balancing.cluster_provided.ClusterProvidedFactory;
import dev.attache.filters.load_balancing.least_request.LeastRequestFactory;
import dev.attache.filters.load_balancing.maglev.MaglevFactory;
import dev.attache.filters.load_balancing.random.RandomFactory;
import dev.attache.filters.load_balancing.ring_hash.RingHashFactory;
import dev.attache.filters.load_balancing.round_robin.RoundRobinFactory;
import dev.attache.filters.load_balancing.wrr_locality.WrrLocalityFactory;
import dev.attache.filters.network.connection_limit.ConnectionLimitFactory;
import dev.attache.filters.network.direct_response.DirectResponseFactory;
import dev.attache.filters.network.echo.EchoFactory;
import dev.attache.filters.network.http_connection_manager.HttpConnectionManagerFilterFactory;
import dev.attache.filters.network.sni_cluster.SniClusterFactory;
import dev.attache.filters.network.tcp_proxy.TcpProxyFactory;
import dev.attache.filters.resource_monitors.cgroup_memory.CgroupMemoryFactory;
import dev.attache.filters.resource_monitors.cpu_utilization.CpuUtilizationFactory;
import dev.attache.filters.resource_monitors.downstream_connections.DownstreamConnectionsFactory;
import dev.attache.filters.resource_monitors.fixed_heap.FixedHeapFactory;
import dev.attache.filters.resource_monitors.injected_resource.InjectedResourceFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferDownstreamFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferUpstreamFactory;
import dev.attache.filters.transport_sockets.tls.DownstreamTlsFactory;
import dev.attache.filters.transport_sockets.tls.UpstreamTlsFactory;
import dev.attache.filters.upstreams.http.HttpProtocolOptionsFactory;
import dev.attache.filters.upstreams.tcp.TcpProtocolOptionsFactory;
import java.util.List;

/**
 * Every extension that comes with the proxy, in one visible list. Removing one means deleting its
 * folder and its line here.
 */
public final class BuiltinExtensions {
    private BuiltinExtensions() {}

    /** Fresh factories of all built-in extensions. */
    public static List<ExtensionFactory<?, ?>> all() {
        return List.of(
                new InternalListenerFactory(),
                new DownstreamConnectionsFactory(),
                new FixedHeapFactory(),
                new InjectedResourceFactory(),
                new CgroupMemoryFactory(),
                new CpuUtilizationFactory(),
                new FileAccessLogFactory(),
                new FileEventSinkFactory(),
                new StderrAccessLogFactory(),
                new StdoutAccessLogFactory(),
                new MetadataFormatterFactory(),
                new ReqWithoutQueryFactory(),
                new GzipFactory(),
                new BrotliFactory(),
                new ZstdFactory(),
                new BufferFilterFactory(),
                new BufferPerRouteFactory(),
                new CompressorFactory(),
                new CompressorPerRouteFactory(),
                new CorsFilterFactory(),
                new CorsPolicyFactory(),
                new CorsFieldFactory(),
                new FaultFilterFactory(),
                new FaultSettingsFactory(),
                new GrpcStatsFilterFactory(),
                new RouterFilterFactory(),
                new HttpInspectorFactory(),
                new OriginalDstFactory(),
                new ProxyProtocolFactory(),
                new TlsInspectorFactory(),
                new ConnectionLimitFactory(),
                new DirectResponseFactory(),
                new EchoFactory(),
                new HttpConnectionManagerFilterFactory(),
                new SniClusterFactory(),
                new TcpProxyFactory(),
                new RawBufferDownstreamFactory(),
                new RawBufferUpstreamFactory(),
                new DownstreamTlsFactory(),
                new UpstreamTlsFactory(),
                new HttpProtocolOptionsFactory(),
                new TcpProtocolOptionsFactory(),
                new RoundRobinFactory(),
                new LeastRequestFactory(),
                new RandomFactory(),
                new RingHashFactory(),
                new MaglevFactory(),
                new WrrLocalityFactory(),
                new ClusterProvidedFactory());
    }
}
