package dev.attache.server.source;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.xds.ControlPlaneStats;

/** {@code control_plane.*} below a prefix; the root for ADS. Main loop only. */
public final class ScopedControlPlaneStats implements ControlPlaneStats {

    private final Gauge connected;
    private final Gauge pending;
    private final Counter rateLimited;
    private final TextReadout identifier;

    public ScopedControlPlaneStats(Scope parent) {
        Scope scope = parent.scope("control_plane.");
        connected = scope.gauge("connected_state");
        pending = scope.gauge("pending_requests");
        rateLimited = scope.counter("rate_limit_enforced");
        identifier = scope.textReadout("identifier");
    }

    @Override
    public void connected(boolean is) {
        connected.set(is ? 1 : 0);
    }

    @Override
    public void identifier(String text) {
        identifier.set(text);
    }

    @Override
    public void pendingRequests(int requests) {
        pending.set(requests);
    }

    @Override
    public void rateLimitEnforced() {
        rateLimited.inc();
    }
}
