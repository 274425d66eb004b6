package dev.attache.proxy.router;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RetryPolicy.HostPredicate;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a balancer may ask about a request, and what the chosen host is dialled with. */
final class HostChoice implements PickContext {

    private final RouteAction.Forward action;
    private final ClusterSelection selection;
    private final @Nullable RetryState retries;
    private final Headers request;
    private final StreamInfo info;
    private final HashPolicies hashes = new HashPolicies();
    private final boolean hashed;
    private final long hash;
    private @Nullable Set<Host> tried;

    HostChoice(
            RouteAction.Forward action,
            ClusterSelection selection,
            @Nullable RetryState retries,
            Headers request,
            StreamInfo info) {
        this.action = action;
        this.selection = selection;
        this.retries = retries;
        this.request = request;
        this.info = info;
        Long computed =
                action.hashPolicies().isEmpty()
                        ? null
                        : hashes.compute(action.hashPolicies(), request, info);
        this.hashed = computed != null;
        this.hash = computed == null ? 0 : computed;
    }

    List<String> cookiesToSet() {
        return hashes.cookiesToSet();
    }

    void tried(Host host) {
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

    @Override
    public boolean hasHash() {
        return hashed;
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public MetadataValue.@Nullable Struct metadataMatch() {
        MetadataValue.Struct ofRoute = action.metadataMatch();
        if (selection.weighted() == null
                || selection.weighted().metadataMatch().fields().isEmpty()) {
            return ofRoute.fields().isEmpty() ? null : ofRoute;
        }
        Map<String, MetadataValue> merged = new HashMap<>(ofRoute.fields());
        merged.putAll(selection.weighted().metadataMatch().fields());
        return new MetadataValue.Struct(merged);
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

    /** SNI and names to verify, where the cluster takes them from the request. */
    TransportOptions transportOptions(ClusterSpec cluster, Host host) {
        UpstreamHttpSpec http = cluster.http();
        if (!http.autoSni() && !http.autoSanValidation()) {
            return TransportOptions.NONE;
        }
        HeaderName source =
                http.overrideAutoSniHeader() != null
                        ? http.overrideAutoSniHeader()
                        : HeaderName.AUTHORITY;
        String value = request.get(source);
        if (value == null || value.isEmpty()) {
            value = request.getOr(HeaderName.AUTHORITY, "");
        }
        String name = withoutPort(value);
        boolean literal = isIp(name);
        return new TransportOptions(
                http.autoSni() && !literal ? name : null,
                http.autoSanValidation() ? List.of(name) : List.of(),
                List.of(),
                List.of(),
                host.hostname().isEmpty() ? null : host.hostname(),
                null);
    }

    private static boolean isIp(String name) {
        try {
            IpAddress.parse(name, 0);
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    private static String withoutPort(String authority) {
        if (authority.startsWith("[")) {
            int close = authority.indexOf(']');
            return close < 0 ? authority : authority.substring(1, close);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
