package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;

/** One cluster's policy on one worker. Loop-confined; lives as long as its cluster does there. */
public interface LoadBalancer {

    /** Chooses; allocates nothing. */
    Pick pick(PickContext context);

    /** Adopts a new arrangement of hosts; called once before the first pick. */
    void hosts(HostSet next);
}
