package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The frame of round robin, least request and random: level by priority load, then panic, then
 * locality by weight or zone, then the policy's choice among what is left. Loop-confined.
 *
 * <p>Longer than files here should be: choosing, and saying what may be chosen, read one state.
 */
final class PriorityBalancer implements LoadBalancer {

    private static final ToIntFunction<Host> LEVEL = Host::priority;

    private final BalancerContext context;
    private final LoadBalancingSettings settings;
    private final HostGroup.Picker picker;
    private final OverrideHosts overrides;
    private final long seed;
    private Level[] levels = new Level[0];
    private @Nullable PriorityLoads loads;
    private int[] editedHealthy = new int[0];
    private int[] editedDegraded = new int[0];
    private HostSet upstream = HostSet.EMPTY;
    private HostSet zonesFor = HostSet.EMPTY;
    private @Nullable ZoneRouting zones;
    private boolean oneLevelOnly;

    PriorityBalancer(BalancerContext context, HostGroup.Picker picker) {
        this.context = context;
        this.settings = context.settings();
        this.picker = picker;
        this.overrides = new OverrideHosts(settings.overrideHostStatus());
        this.seed = context.worker().random() >>> 1;
    }

    /** One priority level's groups. */
    private static final class Level {
        private final HostGroup all;
        private final HostGroup healthy;
        private final HostGroup degraded;
        private final HostGroup[] localHealthy;
        private final HostGroup[] localDegraded;
        private final @Nullable LocalityTurns healthyTurns;
        private final @Nullable LocalityTurns degradedTurns;

        Level(
                PriorityHosts hosts,
                HostGroup.Picker picker,
                @Nullable Level old,
                long seed,
                boolean weigh) {
            all = new HostGroup(hosts.hosts(), picker, old == null ? null : old.all, seed);
            healthy =
                    new HostGroup(hosts.healthy(), picker, old == null ? null : old.healthy, seed);
            degraded =
                    new HostGroup(
                            hosts.degraded(), picker, old == null ? null : old.degraded, seed);
            int count = hosts.localities().size();
            localHealthy = new HostGroup[count];
            localDegraded = new HostGroup[count];
            for (int i = 0; i < count; i++) {
                LocalityHosts each = hosts.localities().get(i);
                HostGroup oldHealthy = old == null ? null : at(old.localHealthy, i);
                HostGroup oldDegraded = old == null ? null : at(old.localDegraded, i);
                localHealthy[i] = new HostGroup(each.healthy(), picker, oldHealthy, seed);
                localDegraded[i] = new HostGroup(each.degraded(), picker, oldDegraded, seed);
            }
            healthyTurns = weigh ? LocalityTurns.of(hosts, false, seed) : null;
            degradedTurns = weigh ? LocalityTurns.of(hosts, true, seed) : null;
        }
    }

    private static @Nullable HostGroup at(HostGroup[] groups, int index) {
        return index < groups.length ? groups[index] : null;
    }

    /** Whose turn it is among the weighted localities of a level. */
    private record LocalityTurns(EdfSchedule<Turn> schedule) {
        private static final ToDoubleFunction<Turn> WEIGHT = Turn::weight;

        private record Turn(int locality, double weight) {}

        /** Localities that get a turn, and the share of their weight. */
        List<Turn> turns() {
            return schedule.entries();
        }

        /** Null where no locality has weight and hosts. */
        static @Nullable LocalityTurns of(PriorityHosts level, boolean degraded, long seed) {
            List<Turn> turns = new ArrayList<>();
            for (int i = 0; i < level.localities().size(); i++) {
                double weight = weight(level.localities().get(i), level, degraded);
                if (weight > 0) {
                    turns.add(new Turn(i, weight));
                }
            }
            return turns.isEmpty()
                    ? null
                    : new LocalityTurns(
                            new EdfSchedule<>(
                                    turns,
                                    WEIGHT,
                                    (int) Long.remainderUnsigned(seed, turns.size())));
        }

        /** Envoy's effective locality weight: less than full once more hosts fail than spare. */
        private static double weight(LocalityHosts group, PriorityHosts level, boolean degraded) {
            int count = group.hosts().size() - group.excluded();
            if (count <= 0) {
                return 0;
            }
            int usable = degraded ? group.degraded().size() : group.healthy().size();
            double available = Math.min(1, level.overprovisioningFactor() / 100.0 * usable / count);
            return group.weight() * available;
        }

        int next() {
            return schedule.next(WEIGHT).locality();
        }
    }

    @Override
    public void hosts(HostSet next) {
        overrides.hosts(next);
        picker.onHosts(next);
        PriorityLoads computed = PriorityLoads.of(next, settings.healthyPanicThreshold());
        loads = computed;
        boolean weigh = settings.localityMode() == LocalityMode.LOCALITY_WEIGHTED;
        Level[] rebuilt = new Level[next.priorities().size()];
        for (int i = 0; i < rebuilt.length; i++) {
            Level old = i < levels.length ? levels[i] : null;
            rebuilt[i] = new Level(next.priorities().get(i), picker, old, seed, weigh);
        }
        levels = rebuilt;
        editedHealthy = new int[rebuilt.length];
        editedDegraded = new int[rebuilt.length];
        upstream = next;
        routeZones(context.localHosts().get());
        oneLevelOnly = rebuilt.length > 0 && computed.healthy[0] == 100;
    }

    private void routeZones(HostSet localHosts) {
        zonesFor = localHosts;
        zones =
                settings.localityMode() == LocalityMode.ZONE_AWARE
                        ? ZoneRouting.of(upstream, localHosts, context)
                        : null;
    }

    @Override
    public Pick pick(PickContext request) {
        PriorityLoads now = loads;
        if (now == null || levels.length == 0) {
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
        int retries = request.hostSelectionRetries();
        Host host = pickOnce(request, now);
        for (int i = 0; i < retries && host != null && request.shouldSkip(host); i++) {
            host = pickOnce(request, now);
        }
        return host == null ? Pick.None.NO_HEALTHY_UPSTREAM : host;
    }

    private @Nullable Host pickOnce(PickContext request, PriorityLoads now) {
        HostGroup group = group(request, now);
        return group == null ? null : group.pick();
    }

    private int level(PickContext request, PriorityLoads now) {
        System.arraycopy(now.healthy, 0, editedHealthy, 0, editedHealthy.length);
        System.arraycopy(now.degraded, 0, editedDegraded, 0, editedDegraded.length);
        if (request.adjustPriorityLoad(
                editedHealthy, editedDegraded, now.health, now.degradedHealth, LEVEL)) {
            return PriorityLoads.choose(context.worker().random(), editedHealthy, editedDegraded);
        }
        return oneLevelOnly
                ? 0
                : PriorityLoads.choose(context.worker().random(), now.healthy, now.degraded);
    }

    /** Null where panic means failure. */
    private @Nullable HostGroup group(PickContext request, PriorityLoads now) {
        int chosen = level(request, now);
        boolean degraded = chosen < 0;
        int index = degraded ? -1 - chosen : chosen;
        Level level = levels[index];
        if (now.panic[index]) {
            context.stats().inc(BalancerStats.Stat.LB_HEALTHY_PANIC);
            return settings.failTrafficOnPanic() ? null : level.all;
        }
        LocalityTurns turns = degraded ? level.degradedTurns : level.healthyTurns;
        if (turns != null) {
            return locality(level, turns.next(), degraded);
        }
        HostSet localHosts = context.localHosts().get();
        if (localHosts != zonesFor) {
            routeZones(localHosts);
        }
        ZoneRouting routing = index == 0 ? zones : null;
        if (routing == null || !zoneRoutingNow()) {
            return degraded ? level.degraded : level.healthy;
        }
        if (PriorityLoads.inPanic(routing.local(), (int) settings.healthyPanicThreshold())) {
            context.stats().inc(BalancerStats.Stat.LB_LOCAL_CLUSTER_NOT_OK);
            if (settings.failTrafficOnPanic()) {
                return null;
            }
            return degraded ? level.degraded : level.healthy;
        }
        return locality(level, routing.choose(context.worker()), degraded);
    }

    @Override
    public boolean explain(PickContext request, Explanation into) {
        PriorityLoads now = loads;
        if (now == null || levels.length == 0) {
            into.empty("priorities");
            return false;
        }
        String wanted = request.overrideHost();
        Host host = wanted == null ? null : overrides.find(wanted);
        if (wanted != null && (host != null || request.overrideHostStrict())) {
            into.say("override_host", wanted);
            ExplainedHosts.chosen(host, "a filter asks for it", into);
            return host != null;
        }
        System.arraycopy(now.healthy, 0, editedHealthy, 0, editedHealthy.length);
        System.arraycopy(now.degraded, 0, editedDegraded, 0, editedDegraded.length);
        request.adjustPriorityLoad(
                editedHealthy, editedDegraded, now.health, now.degradedHealth, LEVEL);
        boolean any = false;
        for (int i = 0; i < levels.length; i++) {
            Explanation said =
                    ExplainedHosts.level(upstream, now, i, into)
                            .say("load_percent", editedHealthy[i])
                            .say("degraded_load_percent", editedDegraded[i]);
            Set<Host> eligible = new LinkedHashSet<>();
            eligible(i, now, editedHealthy[i] > 0, editedDegraded[i] > 0, eligible, said);
            ExplainedHosts.say(List.of(levels[i].all.hosts), eligible, said);
            any |= !eligible.isEmpty();
        }
        return any;
    }

    /** Every group that {@link #group} may answer with, where the level's turn it is. */
    private void eligible(
            int index,
            PriorityLoads now,
            boolean healthy,
            boolean degraded,
            Set<Host> to,
            Explanation said) {
        Level level = levels[index];
        if (now.panic[index]) {
            if ((healthy || degraded) && !settings.failTrafficOnPanic()) {
                to.addAll(List.of(level.all.hosts));
            }
            return;
        }
        if (healthy) {
            eligible(level, index, false, to, said);
        }
        if (degraded) {
            eligible(level, index, true, to, said);
        }
    }

    private void eligible(
            Level level, int index, boolean degraded, Set<Host> to, Explanation said) {
        LocalityTurns turns = degraded ? level.degradedTurns : level.healthyTurns;
        if (turns != null) {
            for (LocalityTurns.Turn turn : turns.turns()) {
                locality(level, index, turn.locality(), said)
                        .say("weight", String.valueOf(turn.weight()));
                to.addAll(List.of(locality(level, turn.locality(), degraded).hosts));
            }
            return;
        }
        ZoneRouting routing = index == 0 ? zones : null;
        boolean zoneLess =
                routing == null
                        || PriorityLoads.inPanic(
                                routing.local(), (int) settings.healthyPanicThreshold());
        if (routing != null && !zoneLess) {
            for (int each : routing.possible()) {
                locality(level, index, each, said).say("zone_aware", routing.share(each));
                to.addAll(List.of(locality(level, each, degraded).hosts));
            }
            zoneLess = settings.zoneRoutingEnabled() < 100;
        }
        if (zoneLess) {
            to.addAll(List.of((degraded ? level.degraded : level.healthy).hosts));
        }
    }

    private Explanation locality(Level level, int index, int locality, Explanation said) {
        return said.item("localities")
                .say(
                        "locality",
                        upstream.priorities()
                                .get(index)
                                .localities()
                                .get(locality)
                                .locality()
                                .toString())
                .say("hosts_healthy", level.localHealthy[locality].hosts.length);
    }

    private static HostGroup locality(Level level, int index, boolean degraded) {
        return degraded ? level.localDegraded[index] : level.localHealthy[index];
    }

    private boolean zoneRoutingNow() {
        double percent = settings.zoneRoutingEnabled();
        return percent >= 100
                || Long.remainderUnsigned(context.worker().random(), 100) < Math.round(percent);
    }
}
