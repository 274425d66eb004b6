package dev.attache.filters.load_balancing.override_host;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.ExplainedHosts;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.OverrideHosts;
import dev.attache.proxy.upstream.lb.PickContext;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policy of one worker. Loop-confined. */
final class OverrideHostBalancer implements LoadBalancer {

    private final OverrideHostSpec spec;
    private final LoadBalancer fallback;
    private final OverrideHosts sessions;
    private final OverrideHosts all = new OverrideHosts(EnumSet.allOf(HealthStatus.class));

    OverrideHostBalancer(OverrideHostSpec spec, BalancerContext context) {
        this.spec = spec;
        this.fallback = spec.fallback().newBalancer(context);
        this.sessions = new OverrideHosts(context.settings().overrideHostStatus());
    }

    @Override
    public void hosts(HostSet next) {
        sessions.hosts(next);
        all.hosts(next);
        fallback.hosts(next);
    }

    /** A session's host comes first, as whatever the policy is; this one is not asked then. */
    @Override
    public Pick pick(PickContext request) {
        String session = request.overrideHost();
        if (session != null && (sessions.find(session) != null || request.overrideHostStrict())) {
            return fallback.pick(request);
        }
        Host named = named(request);
        Pick pick = named == null ? fallback.pick(request) : named;
        MetadataPlace told = spec.told();
        if (told != null && pick instanceof Host host) {
            request.tell(told.namespace(), told.with(host.address().toString()));
        }
        return pick;
    }

    @Override
    public boolean explain(PickContext request, Explanation into) {
        String session = request.overrideHost();
        boolean held =
                session != null && (sessions.find(session) != null || request.overrideHostStrict());
        Host named = held ? null : named(request);
        if (named == null) {
            return fallback.explain(request, into);
        }
        ExplainedHosts.say(List.of(named), Set.of(named), into);
        return true;
    }

    /** Whatever its health; null where the request names none, or no further one, that is there. */
    private @Nullable Host named(PickContext request) {
        FilterState state = request.filterState();
        if (state == null) {
            return null;
        }
        NamedHosts hosts = NamedHosts.of(state, spec.sources(), request);
        Host found = null;
        String wanted = hosts.take();
        while (wanted != null && found == null) {
            found = all.find(wanted);
            if (found == null) {
                wanted = hosts.take();
            }
        }
        return found;
    }
}
