package dev.attache.filters.transport_sockets.internal_upstream;

import dev.attache.filters.transport_sockets.internal_upstream.InternalUpstreamSpec.Source;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open transport socket of one cluster. Any worker. */
final class InternalUpstreamTransport implements ClientTransport {

    private final List<Source> sources;
    private final ClientTransport carried;
    private final Counter noMetadata;

    InternalUpstreamTransport(List<Source> sources, ClientTransport carried, Scope cluster) {
        this(sources, carried, cluster.scope("internal_upstream.").counter("no_metadata"));
    }

    private InternalUpstreamTransport(
            List<Source> sources, ClientTransport carried, Counter noMetadata) {
        this.sources = sources;
        this.carried = carried;
        this.noMetadata = noMetadata;
    }

    @Override
    public Map<String, MetadataValue.Struct> passthrough(Metadata host, Metadata cluster) {
        if (sources.isEmpty()) {
            return Map.of();
        }
        Map<String, MetadataValue.Struct> found = new HashMap<>();
        for (Source source : sources) {
            Metadata of = source.ofHost() ? host : cluster;
            MetadataValue.Struct fields = of.filterMetadata().get(source.namespace());
            if (fields == null) {
                noMetadata.inc();
            } else {
                found.put(source.namespace(), fields);
            }
        }
        return found;
    }

    @Override
    public boolean passesFilterState() {
        return true;
    }

    @Override
    public boolean tellsClient() {
        return carried.tellsClient();
    }

    @Override
    public ClientTransport of(Metadata host) {
        ClientTransport there = carried.of(host);
        return there == carried ? this : new InternalUpstreamTransport(sources, there, noMetadata);
    }

    @Override
    public boolean secure() {
        return carried.secure();
    }

    @Override
    public boolean ready() {
        return carried.ready();
    }

    @Override
    public boolean usesAlpn() {
        return carried.usesAlpn();
    }

    @Override
    public @Nullable String serverName() {
        return carried.serverName();
    }

    @Override
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportOptions options,
            TransportListener listener) {
        carried.install(channel, info, worker, options, listener);
    }

    @Override
    public void close() {
        carried.close();
    }
}
