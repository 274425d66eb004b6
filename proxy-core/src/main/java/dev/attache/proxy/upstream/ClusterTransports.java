package dev.attache.proxy.upstream;

import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.spec.TransportSelection.Labels;
import dev.attache.proxy.upstream.stats.ClusterStatNames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The opened transport sockets of a cluster: {@code transport_socket} and those of {@code
 * transport_socket_matches}. Made, counted and closed on the main thread; {@link #of} may be asked
 * from any thread.
 */
final class ClusterTransports {

    private static final String COUNT = "total_match_count";

    private final TransportSelection selection;
    private final Scope scope;
    private final ClientTransport fallback;
    private final List<ClientTransport> matched;

    /**
     * @param scope {@code cluster.<altStatName>.}
     */
    ClusterTransports(TransportSelection selection, Scope scope) {
        this.selection = selection;
        this.scope = scope;
        this.fallback = selection.fallback().open(scope);
        this.matched =
                selection.matches().stream().map(match -> match.transport().open(scope)).toList();
        scope.scope("default.").declare(ClusterStatNames.TRANSPORT_MATCH);
        for (TransportSelection.Match match : selection.matches()) {
            scope.scope(match.name() + ".").declare(ClusterStatNames.TRANSPORT_MATCH);
        }
    }

    ClientTransport of(Host host) {
        return of(Labels.of(host.spec()));
    }

    /** For what {@code labels} say, instead of a host's. */
    ClientTransport of(Labels labels) {
        int match = match(labels);
        return match < 0 ? fallback : matched.get(match);
    }

    /**
     * Counts which transport a host gets each time that discovery names it: as in Envoy, that it is
     * known already shows only later.
     */
    void countNamed(EndpointSpec endpoint) {
        counter(match(Labels.of(endpoint))).inc();
    }

    /** Counts for each host that is new which transport it gets. */
    void countNew(HostSet before, HostSet after) {
        Set<Host> known = new HashSet<>(before.hosts());
        for (Host host : after.hosts()) {
            if (!known.contains(host)) {
                countNamed(host.spec());
            }
        }
    }

    private Counter counter(int match) {
        String name = match < 0 ? "default" : selection.matches().get(match).name();
        return scope.scope(name + ".").counter(COUNT);
    }

    /** Its index, -1 = none. */
    private int match(Labels labels) {
        MatchTree<Labels, String> matcher = selection.matcher();
        if (matcher != null) {
            return named(matcher.pick(labels));
        }
        int match = firstMatch(labels.endpoint());
        return match < 0 ? firstMatch(labels.locality()) : match;
    }

    private int named(@Nullable String name) {
        List<TransportSelection.Match> matches = selection.matches();
        for (int i = 0; name != null && i < matches.size(); i++) {
            if (matches.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private int firstMatch(Metadata metadata) {
        MetadataValue.Struct own =
                metadata.filterMetadata().get(TransportSelection.METADATA_NAMESPACE);
        List<TransportSelection.Match> matches = selection.matches();
        for (int i = 0; i < matches.size(); i++) {
            if (carries(own, matches.get(i).criteria())) {
                return i;
            }
        }
        return -1;
    }

    private static boolean carries(
            MetadataValue.@Nullable Struct own, MetadataValue.Struct criteria) {
        if (criteria.fields().isEmpty()) {
            return true;
        }
        if (own == null) {
            return false;
        }
        for (Map.Entry<String, MetadataValue> wanted : criteria.fields().entrySet()) {
            if (!wanted.getValue().equals(own.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    void close() {
        fallback.close();
        matched.forEach(ClientTransport::close);
    }
}
