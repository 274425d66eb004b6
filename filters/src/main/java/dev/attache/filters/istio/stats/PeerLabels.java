package dev.attache.filters.istio.stats;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The labels that tell who called whom: of the proxy's own workload, of the peer that metadata
 * exchange or the control plane has named, of certificates, of the service. Of one chain on one
 * worker. Loop-confined.
 */
final class PeerLabels {
    private static final String UNKNOWN = "unknown";
    private static final String LATEST = "latest";
    private static final String PEER_PRINCIPAL = "io.istio.peer_principal";
    private static final String LOCAL_PRINCIPAL = "io.istio.local_principal";
    private static final List<String> WORKLOAD = List.of("workload");
    private static final String OF_NAMESPACE = "/ns/";

    /** Of what is remembered; what peers and control planes send is not kept for ever. */
    private static final int MOST_KNOWN = 4096;

    /** What is longer is read each time. */
    private static final int LONGEST_KNOWN = 1024;

    private static final WorkloadMetadata NOBODY =
            java.util.Objects.requireNonNull(WorkloadMetadata.ofEndpoint(";;;;"));

    /** {@code connection_security_policy}. */
    enum Security {
        MUTUAL_TLS("mutual_tls"),
        NONE("none"),
        UNKNOWN("unknown");

        private final String text;

        Security(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final IstioStatsSettings settings;
    private final DestinationService service = new DestinationService();
    private final Map<String, WorkloadMetadata> endpoints = new HashMap<>();
    private final Map<String, String> namespaces = new HashMap<>();

    // Of the stream that is being told.
    private String peerPrincipal = "";
    private String localPrincipal = "";

    PeerLabels(IstioStatsSettings settings) {
        this.settings = settings;
    }

    Reporter reporter(StreamInfo info) {
        Reporter configured = settings.reporter();
        if (configured != null) {
            return configured;
        }
        return info.listenerDirection == 1 ? Reporter.DESTINATION : Reporter.SOURCE;
    }

    /** Whether it is known who the peer is, or that nobody will say. */
    static boolean isRead(Reporter reporter, FilterState state) {
        return Peer.isKnown(state, reporter.isServer()) || Peer.isMissing(state);
    }

    /**
     * Writes the first twenty labels.
     *
     * @param state where metadata exchange writes its peers
     * @param request null of a connection
     */
    Security fill(
            @Nullable String[] values,
            StreamInfo info,
            FilterState state,
            @Nullable Headers request) {
        Reporter reporter = reporter(info);
        service.find(info, settings.hostFallback() ? request : null);
        StandardLabel.REPORTER.set(values, reporter.text());
        WorkloadMetadata found = Peer.of(state, reporter.isServer());
        if (!reporter.isServer()) {
            client(values, info, found);
            return Security.UNKNOWN;
        }
        serverPrincipals(info);
        source(values, found == null ? NOBODY : found);
        if (reporter == Reporter.WAYPOINT) {
            WorkloadMetadata called = Peer.of(state, false);
            waypointDestination(values, called == null ? NOBODY : called);
        } else {
            ownDestination(values);
        }
        return peerPrincipal.isEmpty() || localPrincipal.isEmpty()
                ? Security.NONE
                : Security.MUTUAL_TLS;
    }

    private void serverPrincipals(StreamInfo info) {
        peerPrincipal = principal(info.filterState(), PEER_PRINCIPAL);
        localPrincipal = principal(info.filterState(), LOCAL_PRINCIPAL);
        TlsInfo tls = info.downstream().tls();
        if (tls != null && peerPrincipal.isEmpty() && localPrincipal.isEmpty()) {
            peerPrincipal = uri(tls.peerNames());
            localPrincipal = uri(tls.localNames());
        }
    }

    private static String principal(FilterState state, String key) {
        FilterState.Value value = state.get(key);
        return value == null ? "" : value.serializeAsString();
    }

    private static String uri(@Nullable CertificateNames names) {
        return names == null || names.uriSans().isEmpty() ? "" : names.uriSans().getFirst();
    }

    /** That of the principal, or else what the peer says. */
    private String peerNamespace(WorkloadMetadata peer) {
        String ofPrincipal =
                peerPrincipal.isEmpty()
                        ? ""
                        : remember(namespaces, peerPrincipal, PeerLabels::namespace);
        return ofPrincipal.isEmpty() ? peer.namespace() : ofPrincipal;
    }

    private static String namespace(String principal) {
        int begin = principal.indexOf(OF_NAMESPACE);
        if (begin < 0) {
            return "";
        }
        begin += OF_NAMESPACE.length();
        int end = principal.indexOf('/', begin);
        return end < 0 ? principal.substring(begin) : principal.substring(begin, end);
    }

    private static <T> T remember(Map<String, T> known, String text, Function<String, T> parser) {
        if (text.length() > LONGEST_KNOWN) {
            return parser.apply(text);
        }
        T value = known.get(text);
        if (value == null) {
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            value = parser.apply(text);
            known.put(text, value);
        }
        return value;
    }

    private static String or(String value, String absent) {
        return value.isEmpty() ? absent : value;
    }

    private void source(@Nullable String[] to, WorkloadMetadata peer) {
        StandardLabel.SOURCE_WORKLOAD.set(to, or(peer.workload(), UNKNOWN));
        StandardLabel.SOURCE_CANONICAL_SERVICE.set(to, or(peer.canonicalName(), UNKNOWN));
        StandardLabel.SOURCE_CANONICAL_REVISION.set(to, or(peer.canonicalRevision(), LATEST));
        StandardLabel.SOURCE_WORKLOAD_NAMESPACE.set(to, or(peerNamespace(peer), UNKNOWN));
        StandardLabel.SOURCE_PRINCIPAL.set(to, or(peerPrincipal, UNKNOWN));
        StandardLabel.SOURCE_APP.set(to, or(peer.appName(), UNKNOWN));
        StandardLabel.SOURCE_VERSION.set(to, or(peer.appVersion(), UNKNOWN));
        StandardLabel.SOURCE_CLUSTER.set(to, or(peer.cluster(), UNKNOWN));
    }

    private void ownDestination(@Nullable String[] to) {
        NodeLabels own = settings.node();
        StandardLabel.DESTINATION_WORKLOAD.set(to, own.workload());
        StandardLabel.DESTINATION_WORKLOAD_NAMESPACE.set(to, own.namespace());
        StandardLabel.DESTINATION_PRINCIPAL.set(to, or(localPrincipal, UNKNOWN));
        StandardLabel.DESTINATION_APP.set(to, own.app());
        StandardLabel.DESTINATION_VERSION.set(to, own.appVersion());
        StandardLabel.DESTINATION_SERVICE.set(to, or(service.host, own.canonicalService()));
        StandardLabel.DESTINATION_CANONICAL_SERVICE.set(to, own.canonicalService());
        StandardLabel.DESTINATION_CANONICAL_REVISION.set(to, own.canonicalRevision());
        StandardLabel.DESTINATION_SERVICE_NAME.set(to, or(service.name, own.canonicalService()));
        StandardLabel.DESTINATION_SERVICE_NAMESPACE.set(to, own.namespace());
        StandardLabel.DESTINATION_CLUSTER.set(to, own.cluster());
    }

    private void waypointDestination(@Nullable String[] to, WorkloadMetadata called) {
        StandardLabel.DESTINATION_WORKLOAD_NAMESPACE.set(to, or(called.namespace(), UNKNOWN));
        StandardLabel.DESTINATION_PRINCIPAL.set(to, or(called.identity(), UNKNOWN));
        StandardLabel.DESTINATION_CANONICAL_REVISION.set(
                to, or(called.canonicalRevision(), UNKNOWN));
        StandardLabel.DESTINATION_SERVICE_NAMESPACE.set(to, or(service.namespace, UNKNOWN));
        otherDestination(to, called);
    }

    private void client(@Nullable String[] to, StreamInfo info, @Nullable WorkloadMetadata found) {
        UpstreamInfo upstream = info.upstream();
        TlsInfo tls = upstream == null ? null : upstream.tls;
        localPrincipal = tls == null ? "" : uri(tls.localNames());
        peerPrincipal = tls == null ? "" : uri(tls.peerNames());
        if (peerPrincipal.isEmpty() && found != null) {
            peerPrincipal = found.identity();
        }
        ownSource(to);
        WorkloadMetadata peer = found != null ? found : endpoint(upstream);
        String namespace = peerNamespace(peer);
        StandardLabel.DESTINATION_WORKLOAD_NAMESPACE.set(to, or(namespace, UNKNOWN));
        StandardLabel.DESTINATION_PRINCIPAL.set(to, or(peerPrincipal, UNKNOWN));
        StandardLabel.DESTINATION_CANONICAL_REVISION.set(to, or(peer.canonicalRevision(), LATEST));
        StandardLabel.DESTINATION_SERVICE_NAMESPACE.set(
                to, or(or(service.namespace, namespace), UNKNOWN));
        otherDestination(to, peer);
    }

    private void ownSource(@Nullable String[] to) {
        NodeLabels own = settings.node();
        StandardLabel.SOURCE_WORKLOAD.set(to, own.workload());
        StandardLabel.SOURCE_CANONICAL_SERVICE.set(to, own.canonicalService());
        StandardLabel.SOURCE_CANONICAL_REVISION.set(to, own.canonicalRevision());
        StandardLabel.SOURCE_WORKLOAD_NAMESPACE.set(to, own.namespace());
        StandardLabel.SOURCE_PRINCIPAL.set(to, or(localPrincipal, UNKNOWN));
        StandardLabel.SOURCE_APP.set(to, own.app());
        StandardLabel.SOURCE_VERSION.set(to, own.appVersion());
        StandardLabel.SOURCE_CLUSTER.set(to, own.cluster());
    }

    /** What the metadata of the endpoint says that was connected to ({@code istio.workload}). */
    private WorkloadMetadata endpoint(@Nullable UpstreamInfo upstream) {
        return upstream != null
                        && upstream.hostMetadata.get("istio", WORKLOAD)
                                instanceof MetadataValue.Text(String text)
                ? remember(endpoints, text, PeerLabels::endpoint)
                : NOBODY;
    }

    private static WorkloadMetadata endpoint(String text) {
        WorkloadMetadata parsed = WorkloadMetadata.ofEndpoint(Octets.of(text));
        return parsed == null ? NOBODY : parsed;
    }

    /** What is the same for all who do not stand beside the destination. */
    private void otherDestination(@Nullable String[] to, WorkloadMetadata peer) {
        StandardLabel.DESTINATION_WORKLOAD.set(to, or(peer.workload(), UNKNOWN));
        StandardLabel.DESTINATION_APP.set(to, or(peer.appName(), UNKNOWN));
        StandardLabel.DESTINATION_VERSION.set(to, or(peer.appVersion(), UNKNOWN));
        StandardLabel.DESTINATION_SERVICE.set(to, or(service.host, UNKNOWN));
        StandardLabel.DESTINATION_CANONICAL_SERVICE.set(to, or(peer.canonicalName(), UNKNOWN));
        StandardLabel.DESTINATION_SERVICE_NAME.set(to, or(service.name, UNKNOWN));
        StandardLabel.DESTINATION_CLUSTER.set(to, or(peer.cluster(), UNKNOWN));
    }
}
