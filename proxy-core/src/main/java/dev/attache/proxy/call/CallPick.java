package dev.attache.proxy.call;

import dev.attache.proxy.attempt.HashPolicies;
import dev.attache.proxy.attempt.PeerNames;
import dev.attache.proxy.attempt.PreviousPriorities;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RetryPolicy.HostPredicate;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What a balancer may ask about a call. Owned by one; loop-confined. */
final class CallPick implements PickContext {

    private final ClusterSpec cluster;
    private final Headers head;
    private final @Nullable StreamInfo client;
    private final MetadataValue.@Nullable Struct metadataMatch;
    private final @Nullable RetryPolicy retry;
    private @Nullable Long hash;
    private boolean hashed;
    private final @Nullable PreviousPriorities triedLevels;
    private @Nullable Set<Host> tried;

    /**
     * @param options among them the stream that the call is a copy of, if it is one
     * @param retry null = there is one attempt
     */
    CallPick(ClusterSpec cluster, Headers head, CallOptions options, @Nullable RetryPolicy retry) {
        this.cluster = cluster;
        this.head = head;
        this.client = options.client();
        this.metadataMatch = options.metadataMatch();
        this.retry = retry;
        this.triedLevels = PreviousPriorities.of(retry);
    }

    /** Another attempt is to avoid this one where the policy says so. */
    void tried(Host host) {
        if (triedLevels != null) {
            triedLevels.attempted(host);
        }
        if (retry != null && retry.hostPredicates().contains(HostPredicate.PREVIOUS_HOSTS)) {
            if (tried == null) {
                tried = new HashSet<>();
            }
            tried.add(host);
        }
    }

    TransportOptions transportOptions(Host host) {
        return PeerNames.areWanted(cluster.http())
                ? PeerNames.options(
                        cluster.http(), PeerNames.serverName(cluster.http(), head), host)
                : TransportOptions.NONE;
    }

    @Override
    public boolean adjustPriorityLoad(
            int[] loads,
            int[] degradedLoads,
            int[] health,
            int[] degradedHealth,
            ToIntFunction<Host> levels) {
        return triedLevels != null
                && triedLevels.adjust(loads, degradedLoads, health, degradedHealth, levels);
    }

    @Override
    public boolean hasHash() {
        if (!hashed) {
            hashed = true;
            var policies = cluster.http().policies().hashPolicies();
            hash =
                    policies.isEmpty()
                            ? null
                            : new HashPolicies(client != null).compute(policies, head, client);
        }
        return hash != null;
    }

    @Override
    public long hash() {
        return hash == null ? 0 : hash;
    }

    @Override
    public MetadataValue.@Nullable Struct metadataMatch() {
        return metadataMatch;
    }

    @Override
    public @Nullable ConnectionInfo downstreamConnection() {
        return client == null ? null : client.downstream();
    }

    @Override
    public Headers downstreamHeaders() {
        return head;
    }

    @Override
    public Metadata dynamicMetadata() {
        return client == null ? Metadata.EMPTY : client.dynamicMetadata().snapshot();
    }

    @Override
    public void tell(String namespace, MetadataValue.Struct fields) {
        if (client != null) {
            client.dynamicMetadata().merge(namespace, fields);
        }
    }

    @Override
    public @Nullable FilterState filterState() {
        return client == null ? null : client.filterState();
    }

    @Override
    public boolean shouldSkip(Host host) {
        if (tried != null && tried.contains(host)) {
            return true;
        }
        return retry != null
                && tried != null
                && host.canary()
                && retry.hostPredicates().contains(HostPredicate.OMIT_CANARY_HOSTS);
    }

    @Override
    public int hostSelectionRetries() {
        return retry == null ? 0 : retry.hostSelectionMaxAttempts();
    }
}
