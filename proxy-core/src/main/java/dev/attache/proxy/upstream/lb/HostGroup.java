package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that a pick draws from once priority, health and locality are decided: all of a level, its
 * healthy ones, those of one locality, … with the policy's place in them. Loop-confined.
 */
final class HostGroup {

    /** How a policy chooses among the hosts of one group. One per cluster and worker. */
    interface Picker {

        /** Chooses where all weights are the same, or where weights do not count; never empty. */
        Host unweighted(HostGroup group);

        /** Weight of a host at this moment, for the schedule that is used where weights differ. */
        double weight(Host host);

        /** False: {@link #unweighted} is always used. */
        default boolean usesWeights() {
            return true;
        }

        /** True while equal weights may yet mean unequal turns: hosts are starting slowly. */
        default boolean weightsMove() {
            return false;
        }

        /** New groups are about to be made of these. */
        default void onHosts(HostSet next) {}
    }

    final Host[] hosts;
    private final Picker picker;
    private final @Nullable ToDoubleFunction<Host> weight;
    private final @Nullable EdfSchedule<Host> schedule;
    private long cursor;

    /**
     * @param previous the group in the same place before, whose cursor goes on
     * @param seed where to begin, different for each worker
     */
    HostGroup(List<Host> members, Picker picker, @Nullable HostGroup previous, long seed) {
        this.hosts = members.toArray(new Host[0]);
        this.picker = picker;
        this.cursor = previous == null ? seed : previous.cursor;
        boolean scheduled =
                hosts.length > 1
                        && picker.usesWeights()
                        && (picker.weightsMove() || !sameWeights(hosts));
        ToDoubleFunction<Host> function = scheduled ? picker::weight : null;
        this.weight = function;
        this.schedule =
                function == null
                        ? null
                        : new EdfSchedule<>(
                                members,
                                function,
                                (int) Long.remainderUnsigned(seed, hosts.length));
    }

    private static boolean sameWeights(Host[] hosts) {
        for (Host host : hosts) {
            if (host.weight() != hosts[0].weight()) {
                return false;
            }
        }
        return true;
    }

    /** Null where there is no host. */
    @Nullable Host pick() {
        if (hosts.length <= 1) {
            return hosts.length == 0 ? null : hosts[0];
        }
        EdfSchedule<Host> own = schedule;
        ToDoubleFunction<Host> weighing = weight;
        return own == null || weighing == null ? picker.unweighted(this) : own.next(weighing);
    }

    /** The next in turn. */
    Host nextInTurn() {
        return hosts[(int) Long.remainderUnsigned(cursor++, hosts.length)];
    }
}
