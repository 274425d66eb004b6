package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hosts in the words of an explanation. Decides nothing. */
public final class ExplainedHosts {

    private ExplainedHosts() {}

    /** Every host of some, with its health and weight, and whether it may be picked. */
    public static void say(Collection<Host> hosts, Set<Host> eligible, Explanation into) {
        into.empty("hosts");
        for (Host host : hosts) {
            say(host, into.item("hosts").say("eligible", eligible.contains(host)));
        }
    }

    /** What is known of one. */
    public static void say(Host host, Explanation into) {
        into.say("address", host.address().toString())
                .say("hostname", host.hostname().isEmpty() ? null : host.hostname())
                .say("health", host.healthFlagsText())
                .say("weight", host.weight())
                .say("priority", host.priority());
        if (!host.locality().isEmpty()) {
            into.say(
                    "locality",
                    host.locality().region()
                            + "/"
                            + host.locality().zone()
                            + "/"
                            + host.locality().subZone());
        }
    }

    /** The host that is picked for certain. */
    static void chosen(@Nullable Host host, String why, Explanation into) {
        if (host != null) {
            say(host, into.part("chosen").say("why", why));
        }
    }

    /** One level's share. */
    static Explanation level(HostSet set, PriorityLoads loads, int index, Explanation into) {
        PriorityHosts hosts = set.priorities().get(index);
        return into.item("priorities")
                .say("priority", index)
                .say("load_percent", loads.healthy[index])
                .say("degraded_load_percent", loads.degraded[index])
                .say("hosts_total", hosts.hosts().size())
                .say("hosts_healthy", hosts.healthy().size())
                .say("hosts_degraded", hosts.degraded().size())
                .say("panic", loads.panic[index]);
    }
}
