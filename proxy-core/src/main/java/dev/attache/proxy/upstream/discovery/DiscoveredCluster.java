package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.channel.EventLoop;

/** A cluster as its membership sees it: what to look for, and whom to tell. Main thread. */
public interface DiscoveredCluster {

    ClusterSpec spec();

    /** {@code cluster.<altStatName>.}. */
    Scope scope();

    /** The loop that it lives on, for timers. */
    EventLoop main();

    NameResolver names();

    /** Where this proxy runs. */
    Locality locality();

    /**
     * What a host is until its first check is over.
     *
     * @param discovered hosts come and go while the cluster serves
     */
    HostSetAssembly.FirstCheck firstCheck(boolean discovered);

    /** Hosts that discovery no longer names stay while their checks pass. */
    boolean keepsHealthy();

    /** Of the next arrangement. */
    long nextVersion();

    /** A new arrangement, which is enough to begin with. */
    void onMembers(HostSet next);

    /** A new arrangement, but part of the first look is still to come. */
    void onMembersWhileWarming(HostSet next);

    /** Discovery has named a host, known or not. */
    void named(EndpointSpec endpoint);

    /** The first look is over. */
    void initialized();
}
