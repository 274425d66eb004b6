package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;

/** One cluster's policy on one worker. Loop-confined; lives as long as its cluster does there. */
public interface LoadBalancer {

    /** Chooses; allocates nothing. */
    Pick pick(PickContext context);

    /** Adopts a new arrangement of hosts; called once before the first pick. */
    void hosts(HostSet next);

    /**
     * Says where a pick may come to: the levels with their load, and which hosts are eligible.
     * Picks nothing, moves no turn and counts nothing.
     *
     * @return whether there is a host to pick
     */
    default boolean explain(PickContext context, Explanation into) {
        into.say("eligible", "only this policy knows");
        return true;
    }
}
