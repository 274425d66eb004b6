package dev.attache.filters.istio.peer_metadata;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filter's settings. Immutable.
 *
 * @param ofClient how to find out who called, in order of precedence
 * @param ofUpstream how to find out who was called
 * @param toClient what responses say
 * @param toUpstream what requests say
 * @param shared whether upstream connections get to know it
 * @param labels more labels that are read of peers
 * @param network of this proxy, octets
 * @param workloads the directory
 */
record PeerMetadataSpec(
        List<Way> ofClient,
        List<Way> ofUpstream,
        List<Propagation> toClient,
        List<Propagation> toUpstream,
        boolean shared,
        Set<String> labels,
        String network,
        SharedSlot<WorkloadDirectory> workloads)
        implements HttpFilterSpec {

    /** A way to find out who is at the other end. */
    sealed interface Way {
        record Headers() implements Way {}

        record Workloads() implements Way {}

        record Baggage() implements Way {}

        record State(String key) implements Way {}
    }

    PeerMetadataSpec {
        ofClient = List.copyOf(ofClient);
        ofUpstream = List.copyOf(ofUpstream);
        toClient = List.copyOf(toClient);
        toUpstream = List.copyOf(toUpstream);
        labels = Set.copyOf(labels);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new Opened(this);
    }

    /** The filter of one chain on one worker. */
    private static final class Opened implements HttpFilterFactory {
        private final PeerMetadataSpec spec;
        private final SharedSlot.@Nullable Lease<WorkloadDirectory> lease;
        private final List<Discovery> ofClient;
        private final List<Discovery> ofUpstream;

        Opened(PeerMetadataSpec spec) {
            this.spec = spec;
            this.lease = spec.looksUp() ? spec.workloads().lease() : null;
            this.ofClient = open(spec.ofClient(), true);
            this.ofUpstream = open(spec.ofUpstream(), false);
        }

        private List<Discovery> open(List<Way> ways, boolean downstream) {
            List<Discovery> opened = new ArrayList<>(ways.size());
            for (Way way : ways) {
                switch (way) {
                    case Way.Headers headers ->
                            opened.add(new IstioHeaders(downstream, spec.labels()));
                    case Way.Baggage baggage -> opened.add(new BaggageHeader());
                    case Way.State(String key) -> opened.add(new UpstreamState(key));
                    case Way.Workloads workloads -> {
                        if (lease != null) {
                            opened.add(
                                    new WorkloadLookup(lease.value(), downstream, spec.network()));
                        }
                    }
                }
            }
            return opened;
        }

        @Override
        public HttpFilter newFilter() {
            return new PeerMetadataFilter(spec, ofClient, ofUpstream);
        }

        @Override
        public void close() {
            if (lease != null) {
                lease.close();
            }
        }
    }

    private boolean looksUp() {
        Way lookup = new Way.Workloads();
        return ofClient.contains(lookup) || ofUpstream.contains(lookup);
    }
}
