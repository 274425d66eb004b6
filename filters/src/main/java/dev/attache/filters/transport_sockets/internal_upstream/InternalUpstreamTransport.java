package dev.attache.filters.transport_sockets.internal_upstream;

import dev.attache.filters.transport_sockets.internal_upstream.InternalUpstreamSpec.Source;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.CarryingTransport;
import dev.attache.proxy.transport.ClientTransport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The open transport socket of one cluster. Any worker. */
final class InternalUpstreamTransport extends CarryingTransport {

    private final List<Source> sources;
    private final Counter noMetadata;

    InternalUpstreamTransport(List<Source> sources, ClientTransport carried, Scope cluster) {
        this(sources, carried, cluster.scope("internal_upstream.").counter("no_metadata"));
    }

    private InternalUpstreamTransport(
            List<Source> sources, ClientTransport carried, Counter noMetadata) {
        super(carried);
        this.sources = sources;
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
    public ClientTransport of(Metadata host) {
        ClientTransport there = carried().of(host);
        return there == carried()
                ? this
                : new InternalUpstreamTransport(sources, there, noMetadata);
    }
}
