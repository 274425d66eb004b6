package dev.attache.iptables.guard;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the proxy looks like to itself. Immutable.
 *
 * @param listeners its own listening addresses that traffic is redirected to, as they are now; a
 *     wildcard address stands for every local one
 * @param mark the mark it sets on its packets, 0 for none
 * @param uids the users of which no outbound connection is served
 * @param gids the groups of which none is
 * @param maxHops how often the same traffic may pass it: 2 lets an application reach itself through
 *     a service address (outbound, then inbound), which is no loop
 */
public record GuardSettings(
        Supplier<List<InetSocketAddress>> listeners,
        int mark,
        Set<Long> uids,
        Set<Long> gids,
        int maxHops) {
    public GuardSettings {
        uids = Set.copyOf(uids);
        gids = Set.copyOf(gids);
    }

    /** The settings of a sidecar without marks. */
    public static GuardSettings of(List<InetSocketAddress> listeners, long uid, long gid) {
        return new GuardSettings(() -> listeners, 0, Set.of(uid), Set.of(gid), 2);
    }
}
