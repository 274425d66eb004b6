package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.hash.HashTable;
import dev.attache.proxy.upstream.lb.hash.WeightedHost;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The frame of ring hash and Maglev: level by priority load of the request's own hash, then the
 * table. A request without hash goes anywhere. The tables of a host set are built once, before
 * workers hear of it, and shared. Loop-confined.
 */
final class HashBalancer implements LoadBalancer {

    private final BalancerContext context;
    private final LoadBalancingSettings settings;
    private final OverrideHosts overrides;
    private final Function<List<WeightedHost>, HashTable> builder;
    private @Nullable HashTables tables;

    HashBalancer(BalancerContext context, Function<List<WeightedHost>, HashTable> builder) {
        this.context = context;
        this.settings = context.settings();
        this.builder = builder;
        this.overrides = new OverrideHosts(settings.overrideHostStatus());
    }

    @Override
    public void hosts(HostSet next) {
        overrides.hosts(next);
        tables = HashTables.of(next, settings, context.tables(), builder);
    }

    @Override
    public Pick pick(PickContext request) {
        HashTables now = tables;
        if (now == null || now.byLevel().length == 0) {
            if (settings.healthyPanicThreshold() >= 1) {
                context.stats().inc(BalancerStats.Stat.LB_HEALTHY_PANIC);
            }
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        String wanted = request.overrideHost();
        if (wanted != null) {
            Host host = overrides.find(wanted);
            if (host != null) {
                return host;
            }
            if (request.overrideHostStrict()) {
                return Pick.None.NO_HEALTHY_UPSTREAM;
            }
        }
        long hash = request.hasHash() ? request.hash() : context.worker().random();
        int chosen = PriorityLoads.choose(hash, now.loads().healthy, now.loads().degraded);
        int level = chosen < 0 ? -1 - chosen : chosen;
        if (now.loads().panic[level]) {
            context.stats().inc(BalancerStats.Stat.LB_HEALTHY_PANIC);
        }
        int retries = request.hostSelectionRetries();
        Host host = choose(now, level, hash, 0);
        for (int i = 1; i <= retries && host != null && request.shouldSkip(host); i++) {
            host = choose(now, level, hash, i);
        }
        return host == null ? Pick.None.NO_HEALTHY_UPSTREAM : host;
    }

    @Override
    public boolean explain(PickContext request, Explanation into) {
        HashTables now = tables;
        if (now == null || now.byLevel().length == 0) {
            into.empty("priorities");
            return false;
        }
        String wanted = request.overrideHost();
        Host named = wanted == null ? null : overrides.find(wanted);
        if (wanted != null && (named != null || request.overrideHostStrict())) {
            into.say("override_host", wanted);
            ExplainedHosts.chosen(named, "a filter asks for it", into);
            return named != null;
        }
        boolean hashed = request.hasHash();
        Host only = hashed ? ofHash(now, request.hash(), into) : null;
        boolean any = only != null;
        for (int i = 0; i < now.byLevel().length; i++) {
            Explanation said = ExplainedHosts.level(now.set(), now.loads(), i, into);
            boolean loaded = now.loads().healthy[i] > 0 || now.loads().degraded[i] > 0;
            List<Host> reached = List.of(now.hosts()[i]);
            any |= !hashed && loaded && !reached.isEmpty();
            ExplainedHosts.say(
                    now.set().priorities().get(i).hosts(),
                    Set.copyOf(
                            hashed
                                    ? only == null ? List.of() : List.of(only)
                                    : loaded ? reached : List.of()),
                    said);
        }
        return any;
    }

    private @Nullable Host ofHash(HashTables now, long hash, Explanation into) {
        into.say("hash", Long.toUnsignedString(hash));
        int chosen = PriorityLoads.choose(hash, now.loads().healthy, now.loads().degraded);
        Host host = choose(now, chosen < 0 ? -1 - chosen : chosen, hash, 0);
        ExplainedHosts.chosen(host, "the hash of the request leads to it", into);
        return host;
    }

    private @Nullable Host choose(HashTables now, int level, long hash, int attempt) {
        Host host = now.byLevel()[level].choose(hash, attempt);
        return host == null || settings.hashBalanceFactor() == 0
                ? host
                : bounded(host, now.hosts()[level], now.shares()[level], hash);
    }

    /**
     * Consistent hashing with bounded loads (Mirrokni et al., arXiv 1608.01350): a host at its
     * limit passes the request on, in an order that the hash decides; the least loaded serves where
     * all are at theirs. Walks the hosts, and only then.
     */
    private Host bounded(Host first, Host[] hosts, double[] shares, long hash) {
        long active = 1;
        int firstIndex = 0;
        for (int i = 0; i < hosts.length; i++) {
            active += hosts[i].stat(HostCells.Stat.RQ_ACTIVE);
            firstIndex = hosts[i] == first ? i : firstIndex;
        }
        long slots = (active * settings.hashBalanceFactor() + 99) / 100;
        double least = overload(first, shares[firstIndex], slots);
        Host best = first;
        int start = (int) Long.remainderUnsigned(hash * 0x9E3779B97F4A7C15L, hosts.length);
        for (int n = 0; n < hosts.length && least > 1; n++) {
            int i = (start + n) % hosts.length;
            double load = overload(hosts[i], shares[i], slots);
            if (load < least) {
                least = load;
                best = hosts[i];
            }
        }
        return best;
    }

    private static double overload(Host host, double share, long slots) {
        double own = Math.max(1, Math.ceil(slots * share));
        return host.stat(HostCells.Stat.RQ_ACTIVE) / own;
    }
}
