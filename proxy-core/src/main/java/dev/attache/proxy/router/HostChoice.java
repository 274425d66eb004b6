package dev.attache.proxy.router;

import dev.attache.proxy.attempt.HashPolicies;
import dev.attache.proxy.attempt.PeerNames;
import dev.attache.proxy.attempt.PreviousPriorities;
import dev.attache.proxy.attempt.RetryState;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RetryPolicy.HostPredicate;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.HashPolicy;
import dev.attache.proxy.stream.OverrideHost;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a balancer may ask about a request, and what the chosen host is dialled with. */
final class HostChoice implements PickContext {

    private static final int SERVICE_UNAVAILABLE = 503;
    private static final String LB_NAMESPACE = "envoy.lb";

    private List<HashPolicy> policies;
    private RouteAction.Forward action;
    private ClusterSelection selection;
    private MetadataValue.@Nullable Struct mergedMatch;
    private final Headers request;
    private final StreamInfo info;
    private @Nullable HashPolicies hashes;
    private @Nullable RetryState retries;
    private @Nullable String serverName;
    private @Nullable Long hash;
    private boolean hashed;
    private boolean waited;
    private @Nullable Set<Host> tried;
    private @Nullable PreviousPriorities triedLevels;

    private HostChoice(
            List<HashPolicy> policies,
            RouteAction.Forward action,
            ClusterSelection selection,
            Headers request,
            StreamInfo info) {
        this.policies = policies;
        this.action = action;
        this.selection = selection;
        this.request = request;
        this.info = info;
    }

    /** For a request as its route has changed it. */
    static HostChoice of(
            List<HashPolicy> policies,
            RouteAction.Forward action,
            ClusterSelection selection,
            Headers request,
            StreamInfo info) {
        return new HostChoice(policies, action, selection, request, info);
    }

    /** From now on picks are further attempts, as far as {@code retries} allows them. */
    void retries(@Nullable RetryState state) {
        retries = state;
        triedLevels = state == null ? null : PreviousPriorities.of(state.policy());
    }

    /** Another host is to be picked, of another cluster. */
    void moveTo(List<HashPolicy> others, RouteAction.Forward to, ClusterSelection selected) {
        policies = others;
        action = to;
        selection = selected;
        mergedMatch = null;
    }

    /** Another host is about to be picked: what the hash comes from may have changed. */
    void again() {
        waited = false;
        hashed = false;
        hash = null;
    }

    /** The wait for a host is over: it is there now, or none comes. */
    void waited() {
        waited = true;
    }

    @Override
    public boolean waits() {
        return !waited;
    }

    List<String> cookiesToSet() {
        HashPolicies made = hashes;
        return made == null ? List.of() : made.cookiesToSet();
    }

    void tried(Host host) {
        if (triedLevels != null) {
            triedLevels.attempted(host);
        }
        if (avoidsPrevious()) {
            if (tried == null) {
                tried = new HashSet<>();
            }
            tried.add(host);
        }
    }

    /** The policy forbids the hosts that were tried before. */
    private boolean avoidsPrevious() {
        return retries != null
                && retries.policy().hostPredicates().contains(HostPredicate.PREVIOUS_HOSTS);
    }

    /** Computed where a balancer asks: only then cookies are made. */
    @Override
    public boolean hasHash() {
        if (!hashed) {
            hashed = true;
            hash = policies.isEmpty() ? null : computed();
        }
        return hash != null;
    }

    private @Nullable Long computed() {
        HashPolicies made = hashes;
        if (made == null) {
            made = new HashPolicies(true);
            hashes = made;
        }
        return made.compute(policies, request, info);
    }

    @Override
    public long hash() {
        Long computed = hash;
        return computed == null ? 0 : computed;
    }

    @Override
    public MetadataValue.@Nullable Struct metadataMatch() {
        if (mergedMatch != null) {
            return mergedMatch;
        }
        // What the request has once a host is first asked for stays its own.
        MetadataValue.Struct configured = selection.metadataMatch(action);
        MetadataValue.Struct ofConnection =
                info.downstream().dynamicMetadata().namespace(LB_NAMESPACE);
        MetadataValue.Struct own = info.dynamicMetadata().namespace(LB_NAMESPACE);
        if (ofConnection == null && own == null) {
            return configured;
        }
        mergedMatch = over(over(configured, ofConnection), own);
        return mergedMatch;
    }

    private static MetadataValue.@Nullable Struct over(
            MetadataValue.@Nullable Struct below, MetadataValue.@Nullable Struct above) {
        return below == null || above == null ? (below == null ? above : below) : below.with(above);
    }

    @Override
    public ConnectionInfo downstreamConnection() {
        return info.downstream();
    }

    @Override
    public Headers downstreamHeaders() {
        return request;
    }

    @Override
    public Metadata dynamicMetadata() {
        return info.dynamicMetadata().snapshot();
    }

    @Override
    public void tell(String namespace, MetadataValue.Struct fields) {
        info.dynamicMetadata().merge(namespace, fields);
    }

    @Override
    public FilterState filterState() {
        return info.filterState();
    }

    @Override
    public boolean shouldSkip(Host host) {
        if (retries == null || info.attemptCount <= 1) {
            return false;
        }
        if (tried != null && tried.contains(host)) {
            return true;
        }
        return host.canary()
                && retries.policy().hostPredicates().contains(HostPredicate.OMIT_CANARY_HOSTS);
    }

    @Override
    public int hostSelectionRetries() {
        return retries == null ? 0 : retries.policy().hostSelectionMaxAttempts();
    }

    /** Of the first attempt alone: a further one is not to come to the same host. */
    @Override
    public @Nullable String overrideHost() {
        OverrideHost wanted = info.overrideHost;
        return wanted == null || info.attemptCount > 1 ? null : wanted.address();
    }

    @Override
    public boolean overrideHostStrict() {
        OverrideHost wanted = info.overrideHost;
        return wanted != null && wanted.strict();
    }

    /** What the client is told where there is no host. */
    int statusWithout() {
        OverrideHost wanted = info.overrideHost;
        return wanted != null && wanted.strict() && info.attemptCount <= 1
                ? wanted.statusWithout()
                : SERVICE_UNAVAILABLE;
    }

    @Override
    public boolean adjustPriorityLoad(
            int[] loads,
            int[] degradedLoads,
            int[] health,
            int[] degradedHealth,
            ToIntFunction<Host> levels) {
        return triedLevels != null
                && info.attemptCount > 1
                && triedLevels.adjust(loads, degradedLoads, health, degradedHealth, levels);
    }

    private boolean tellsClient(ClusterSpec cluster) {
        return cluster.transports().tellsClient() && info.downstream().toldUpstream();
    }

    /**
     * SNI and names to verify, where the cluster takes them from the request, and the client, where
     * the host is told.
     *
     * @param carrier the cluster that {@code host} is of, where {@code cluster} aggregates others
     */
    TransportOptions transportOptions(ClusterSpec cluster, ClusterSpec carrier, Host host) {
        UpstreamHttpSpec http = cluster.http();
        TransportOptions byFilters = TransportOptions.from(info.filterState());
        if (byFilters.proxyHeader() == null && tellsClient(carrier)) {
            byFilters = byFilters.withProxyHeader(ProxyHeader.of(info.downstream()));
        }
        if (!PeerNames.areWanted(http)) {
            return byFilters;
        }
        // From the first attempt's authority: one that endpoints give does not change it.
        String name = serverName;
        if (name == null) {
            name = PeerNames.serverName(http, request);
            serverName = name;
        }
        return PeerNames.options(http, name, host, byFilters);
    }
}
