package dev.attache.filters.network.local_ratelimit;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;

/** One connection: takes its token, or is closed. Loop-confined. */
final class LocalRateLimitFilter implements NetworkFilter.Inspecting {
    private final boolean enabled;
    private final LocalRateLimiter limiter;
    private final Cell rateLimited;
    private final Connection connection;
    private boolean limited;

    LocalRateLimitFilter(
            boolean enabled, LocalRateLimiter limiter, Cell rateLimited, Connection connection) {
        this.enabled = enabled;
        this.limiter = limiter;
        this.rateLimited = rateLimited;
        this.connection = connection;
    }

    @Override
    public Status onNewConnection() {
        if (!enabled || limiter.allows(connection.worker().nanoTime())) {
            return Status.CONTINUE;
        }
        limited = true;
        rateLimited.inc();
        connection.closeFor(CloseType.NO_FLUSH, "local_ratelimit_close_over_limit");
        return Status.STOP;
    }

    /** Until it is closed, nobody behind sees what it brings. */
    @Override
    public Status onData(ByteBuf data, boolean end) {
        return limited ? Status.STOP : Status.CONTINUE;
    }

    /** The flag that Envoy's filter sets, which is not RL. */
    @Override
    public void tell(StreamInfo stream) {
        if (limited) {
            stream.flag(ResponseFlag.URX);
        }
    }
}
