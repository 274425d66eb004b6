package dev.attache.filters.load_balancing.override_host;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.upstream.lb.PickContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a request has named when one was first asked for, of which each attempt takes the
 * next. Kept in the request's filter state. Loop-confined.
 */
final class NamedHosts implements FilterState.Value {

    /** In the filter state of a request or connection. */
    static final String KEY = "envoy.extensions.load_balancing_policies.override_host.filter_state";

    private final List<String> hosts;
    private int next;

    private NamedHosts(List<String> hosts) {
        this.hosts = hosts;
    }

    /** Those that were read before, or else what {@code sources} have now, all of them in order. */
    static NamedHosts of(FilterState state, List<HostSource> sources, PickContext request) {
        if (state.get(KEY) instanceof NamedHosts known) {
            return known;
        }
        List<String> hosts = new ArrayList<>(4);
        for (HostSource source : sources) {
            String named = source.hosts(request);
            if (named != null) {
                addAll(named, hosts);
            }
        }
        NamedHosts read = new NamedHosts(hosts);
        state.set(KEY, read);
        return read;
    }

    private static void addAll(String named, List<String> hosts) {
        for (String each : named.split(",")) {
            String host = each.strip();
            if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
    }

    /** One that has not been tried, or null. */
    @Nullable String take() {
        return next < hosts.size() ? hosts.get(next++) : null;
    }

    @Override
    public String serializeAsString() {
        return "";
    }

    @Override
    public boolean isText() {
        return false;
    }
}
