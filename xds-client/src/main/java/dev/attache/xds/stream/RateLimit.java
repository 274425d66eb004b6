package dev.attache.xds.stream;

import java.time.Duration;

/**
 * A token bucket for requests to a control plane ({@code rate_limit_settings}). Envoy's defaults
 * where the settings are present but empty: 100 tokens, 10 per second. Not thread safe.
 */
public final class RateLimit {

    public static final int DEFAULT_MAX_TOKENS = 100;
    public static final double DEFAULT_FILL_RATE = 10;

    private final double maxTokens;
    private final double fillPerNano;
    private double tokens;
    private long lastNanos;

    public RateLimit(int maxTokens, double fillRatePerSecond, long nowNanos) {
        if (maxTokens <= 0 || fillRatePerSecond <= 0) {
            throw new IllegalArgumentException("a rate limit needs tokens and a fill rate above 0");
        }
        this.maxTokens = maxTokens;
        this.fillPerNano = fillRatePerSecond / 1e9;
        this.tokens = maxTokens;
        this.lastNanos = nowNanos;
    }

    boolean tryTake(long nowNanos) {
        refill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    Duration untilNext(long nowNanos) {
        refill(nowNanos);
        if (tokens >= 1) {
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.ceil((1 - tokens) / fillPerNano));
    }

    private void refill(long nowNanos) {
        tokens = Math.min(maxTokens, tokens + (nowNanos - lastNanos) * fillPerNano);
        lastNanos = nowNanos;
    }
}
