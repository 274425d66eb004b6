package dev.attache.proxy.network.http;

import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ResetLimits;
import dev.attache.proxy.stream.StreamInfo;

/**
 * Tells a connection that opens streams only to have them reset (CVE-2023-44487, rapid reset), by
 * Envoy's rule: at least half of its streams ended early and without an answer, among so many that
 * it is no accident. Whose reset it was does not matter, so a client that provokes ours is told by
 * it, too (CVE-2025-8671, MadeYouReset). One per connection; loop-confined.
 */
final class PrematureResets {

    private final ResetLimits limits;
    private long ended;
    private long premature;

    PrematureResets(ResetLimits limits) {
        this.limits = limits;
    }

    /** A stream has ended; true where the connection is to end with it. */
    boolean isTooMany(StreamInfo stream) {
        ended++;
        long seconds = (stream.endNanos - stream.startNanos()) / 1_000_000_000;
        if (stream.responseCode() == 0 && seconds <= limits.minStreamLifetimeSeconds()) {
            premature++;
        }
        // Below the limit: even if all that are still to come are good, half of them are not.
        return 2 * premature >= Math.max(ended, limits.totalStreams());
    }
}
