package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maglev's look-up table (Eisenbud et al., NSDI 2016, listing 1) with Envoy's weights: a host of
 * half the largest weight takes part in every other round.
 */
public final class MaglevTable implements HashTable {

    private final int[] table;
    private final Host[] hosts;

    private MaglevTable(int[] table, Host[] hosts) {
        this.table = table;
        this.hosts = hosts;
    }

    /** A host while the table is being filled. */
    private static final class Filler {
        private final String key;
        private final Host host;
        private final double share;
        private final int skip;
        private int position;
        private double target;

        Filler(WeightedHost member, boolean useHostname, int size) {
            this.key = member.key(useHostname);
            this.host = member.host();
            this.share = member.share();
            this.position = (int) Long.remainderUnsigned(XxHash64.hash(key, 0), size);
            this.skip = (int) Long.remainderUnsigned(XxHash64.hash(key, 1), size - 1) + 1;
        }

        int next(int size) {
            int now = position;
            // A subtraction instead of a division: both are below the size.
            position += skip;
            if (position >= size) {
                position -= size;
            }
            return now;
        }
    }

    /**
     * @param size a prime
     */
    public static HashTable build(List<WeightedHost> members, int size, boolean useHostname) {
        if (members.isEmpty()) {
            return EMPTY;
        }
        if (members.size() == 1) {
            // There is nothing to choose: as Envoy, a table with one entry.
            return new MaglevTable(new int[1], new Host[] {members.getFirst().host()});
        }
        List<Filler> fillers = new ArrayList<>(members.size());
        double largest = 0;
        for (WeightedHost member : members) {
            fillers.add(new Filler(member, useHostname, size));
            largest = Math.max(largest, member.share());
        }
        fillers.sort(Comparator.comparing((Filler filler) -> filler.key));
        Host[] hosts = new Host[fillers.size()];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = fillers.get(i).host;
        }
        return new MaglevTable(fill(fillers, size, largest), hosts);
    }

    private static int[] fill(List<Filler> fillers, int size, double largest) {
        int[] table = new int[size];
        Arrays.fill(table, -1);
        int filled = 0;
        for (int round = 1; filled < size; round++) {
            for (int i = 0; i < fillers.size() && filled < size; i++) {
                Filler filler = fillers.get(i);
                if (round * filler.share < filler.target) {
                    continue;
                }
                filler.target += largest;
                int place = filler.next(size);
                while (table[place] >= 0) {
                    place = filler.next(size);
                }
                table[place] = i;
                filled++;
            }
        }
        return table;
    }

    @Override
    public void report(Scope cluster) {
        int[] entries = new int[hosts.length];
        for (int host : table) {
            entries[host]++;
        }
        Scope scope = cluster.scope("maglev_lb.");
        scope.gauge("min_entries_per_host").set(Arrays.stream(entries).min().orElse(0));
        scope.gauge("max_entries_per_host").set(Arrays.stream(entries).max().orElse(0));
    }

    @Override
    public @Nullable Host choose(long hash, int attempt) {
        // As in Envoy, a refused host changes nearly every bit of the hash.
        long mixed = attempt == 0 ? hash : hash ^ (-1L - attempt + 1);
        return hosts[table[(int) Long.remainderUnsigned(mixed, table.length)]];
    }
}
