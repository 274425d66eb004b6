package dev.attache.xds;

/**
 * What one stream to a control plane counts, under Envoy's names: {@code
 * control_plane.connected_state}, {@code .identifier}, {@code .pending_requests}, {@code
 * .rate_limit_enforced}. Called on the main loop.
 */
public interface ControlPlaneStats {

    ControlPlaneStats NONE =
            new ControlPlaneStats() {
                @Override
                public void connected(boolean connected) {}

                @Override
                public void identifier(String identifier) {}

                @Override
                public void pendingRequests(int requests) {}

                @Override
                public void rateLimitEnforced() {}
            };

    void connected(boolean connected);

    void identifier(String identifier);

    void pendingRequests(int requests);

    void rateLimitEnforced();
}
