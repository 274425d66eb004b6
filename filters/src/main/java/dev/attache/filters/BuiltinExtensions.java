package dev.attache.filters;

import dev.attache.config.extension.ExtensionFactory;
import dev.attache.filters.load_balancing.cluster_provided.ClusterProvidedFactory;
import dev.attache.filters.load_balancing.least_request.LeastRequestFactory;
import dev.attache.filters.load_balancing.maglev.MaglevFactory;
import dev.attache.filters.load_balancing.random.RandomFactory;
import dev.attache.filters.load_balancing.ring_hash.RingHashFactory;
import dev.attache.filters.load_balancing.round_robin.RoundRobinFactory;
import dev.attache.filters.load_balancing.wrr_locality.WrrLocalityFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferDownstreamFactory;
import dev.attache.filters.transport_sockets.raw_buffer.RawBufferUpstreamFactory;
import dev.attache.filters.transport_sockets.tls.DownstreamTlsFactory;
import dev.attache.filters.transport_sockets.tls.UpstreamTlsFactory;
import dev.attache.filters.upstreams.http.HttpProtocolOptionsFactory;
import dev.attache.filters.upstreams.tcp.TcpProtocolOptionsFactory;
import java.util.List;

/**
 * Every extension that comes with the proxy, in one visible list. Removing one means deleting its folder
 * and its line here.
 */
public final class BuiltinExtensions {
    private BuiltinExtensions() {}

    /** Fresh factories of all built-in extensions. */
    public static List<ExtensionFactory<?, ?>> all() {
        return List.of(
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
