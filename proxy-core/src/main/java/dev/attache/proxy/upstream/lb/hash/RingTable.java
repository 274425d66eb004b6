package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's hash ring: each host stands at {@code hash(key_i)} for as many {@code i} as its share of
 * the ring is worth; a request goes to the first place at or after its hash.
 */
public final class RingTable implements HashTable {

    private final long[] hashes;
    private final Host[] hosts;

    private final int fewest;
    private final int most;

    private RingTable(long[] hashes, Host[] hosts, int fewest, int most) {
        this.hashes = hashes;
        this.hosts = hosts;
        this.fewest = fewest;
        this.most = most;
    }

    /** One place on the ring while it is being built. */
    private record Place(long hash, Host host) {}

    /**
     * @param murmur MurmurHash2 instead of XXH64
     */
    public static HashTable build(
            List<WeightedHost> members,
            long minimumSize,
            long maximumSize,
            boolean murmur,
            boolean useHostname) {
        double smallest = 1;
        for (WeightedHost member : members) {
            smallest = Math.min(smallest, member.share());
        }
        if (members.isEmpty()) {
            return EMPTY;
        }
        double scale = Math.min(Math.ceil(smallest * minimumSize) / smallest, maximumSize);
        List<Place> places = new ArrayList<>((int) Math.ceil(scale));
        double target = 0;
        int fewest = Integer.MAX_VALUE;
        int most = 0;
        for (WeightedHost member : members) {
            target += scale * member.share();
            int before = places.size();
            String prefix = member.key(useHostname) + "_";
            for (long i = 0; places.size() < target; i++) {
                byte[] key = (prefix + i).getBytes(StandardCharsets.UTF_8);
                long hash =
                        murmur
                                ? Murmur2.hash(key, Murmur2.STD_SEED)
                                : XxHash64.hash(key, 0, key.length, 0);
                places.add(new Place(hash, member.host()));
            }
            fewest = Math.min(fewest, places.size() - before);
            most = Math.max(most, places.size() - before);
        }
        places.sort((a, b) -> Long.compareUnsigned(a.hash, b.hash));
        long[] hashes = new long[places.size()];
        Host[] hosts = new Host[places.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = places.get(i).hash;
            hosts[i] = places.get(i).host;
        }
        return new RingTable(hashes, hosts, fewest, most);
    }

    @Override
    public void report(Scope cluster) {
        Scope scope = cluster.scope("ring_hash_lb.");
        scope.gauge("size").set(hashes.length);
        scope.gauge("min_hashes_per_host").set(fewest);
        scope.gauge("max_hashes_per_host").set(most);
    }

    @Override
    public @Nullable Host choose(long hash, int attempt) {
        int low = 0;
        int high = hashes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(hashes[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return hosts[(low + attempt) % hosts.length];
    }
}
