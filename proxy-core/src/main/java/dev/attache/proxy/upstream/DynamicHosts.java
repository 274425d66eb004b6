package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.upstream.discovery.CachedName;
import dev.attache.proxy.upstream.discovery.DnsCache;
import dev.attache.proxy.upstream.discovery.NameWait;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.ExplainedHosts;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.DynamicNames;
import dev.attache.proxy.upstream.spec.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The balancer of a dynamic forward proxy: the host is the one that the request or connection
 * names. Loop-confined.
 *
 * <p>Who that is, in Envoy's order: filter state, the authority, the server name.
 */
final class DynamicHosts implements LoadBalancer {

    private static final Pick NOBODY = new Pick.Nowhere("empty_host_header");
    private static final Pick TOO_MANY_WAIT =
            new Pick.Nowhere("dns_cache_pending_requests_overflow");
    private static final Pick FULL = new Pick.Nowhere("dns_cache_overflow");

    private final WorkerCluster cluster;
    private final DnsCache cache;
    private final int defaultPort;
    private Map<String, Host> byName = Map.of();

    DynamicHosts(WorkerCluster cluster, DnsCache cache) {
        this.cluster = cluster;
        this.cache = cache;
        this.defaultPort = DynamicNames.defaultPort(cluster.spec());
    }

    @Override
    public void hosts(HostSet next) {
        Map<String, Host> hosts = new HashMap<>();
        next.hosts().forEach(host -> hosts.put(host.hostname(), host));
        byName = hosts;
    }

    @Override
    public boolean explain(PickContext context, Explanation into) {
        String name = name(context);
        if (name == null || name.isEmpty()) {
            return false;
        }
        String key = HostPort.key(name, port(context));
        Host host = byName.get(key);
        into.say("wanted", key)
                .say(
                        "known",
                        host != null ? "its addresses are known" : "it would be looked up first");
        if (host != null) {
            boolean usable = host.healthy() || host.degraded();
            ExplainedHosts.say(List.of(host), usable ? Set.of(host) : Set.of(), into);
            return usable;
        }
        return true;
    }

    private static @Nullable String name(PickContext context) {
        FilterState state = context.filterState();
        String name = state == null ? null : DynamicNames.host(state);
        return name != null ? name : named(context);
    }

    private int port(PickContext context) {
        FilterState state = context.filterState();
        return state == null ? defaultPort : DynamicNames.port(state, defaultPort);
    }

    @Override
    public Pick pick(PickContext context) {
        String name = name(context);
        if (name == null || name.isEmpty()) {
            return NOBODY;
        }
        int port = port(context);
        String key = HostPort.key(name, port);
        Host host = byName.get(key);
        if (host == null) {
            return missing(key, port, context.waits());
        }
        if (!host.healthy() && !host.degraded()) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        CachedName cached = cache.get(key);
        if (cached != null) {
            cached.touch(cluster.worker().nanoTime());
        }
        return host;
    }

    /**
     * No filter has waited for the name, or its host has not come to this worker yet. Whoever does
     * not wait makes that those who come later find it.
     */
    private Pick missing(String key, int port, boolean waits) {
        if (waits && !cache.pending().hasRoom()) {
            return TOO_MANY_WAIT;
        }
        CachedName known = cache.get(key);
        if (known != null && known.addresses().isEmpty()) {
            return new Pick.Nowhere(known.details());
        }
        if (!waits && !cache.pending().hasRoom()) {
            return TOO_MANY_WAIT;
        }
        if (known == null && cache.isFull()) {
            return FULL;
        }
        if (waits) {
            Pick.Later wait = then -> load(key, port, then)::cancel;
            return wait;
        }
        load(key, port, () -> {}).cancel();
        return Pick.None.NO_HEALTHY_UPSTREAM;
    }

    private NameWait load(String key, int port, Runnable then) {
        cache.pending().enter();
        return cache.load(key, port, cluster.worker().eventLoop(), name -> then.run());
    }

    private static @Nullable String named(PickContext context) {
        Headers headers = context.downstreamHeaders();
        if (headers != null) {
            return headers.get(HeaderName.AUTHORITY);
        }
        ConnectionInfo connection = context.downstreamConnection();
        return connection == null ? null : connection.requestedServerName();
    }
}
