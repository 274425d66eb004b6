package dev.attache.proxy.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket that fills steadily. Any thread, without locks: its state is one number, the moment at
 * which it would have been empty. Global by nature; what takes from it updates that number.
 */
public final class TokenBucket {

    /** Less than a token a year is a token a year. */
    private static final double MIN_RATE = 1.0 / (365 * 24 * 60 * 60);

    /** What arithmetic loses must not cost a token. */
    private static final double SLACK = 1e-6;

    /**
     * What a bucket is to be.
     *
     * @param maxTokens it begins full; 0 = nothing ever passes
     * @param fillMillis how often {@code tokensPerFill} come, above 0
     */
    public record Settings(long maxTokens, long tokensPerFill, long fillMillis) {

        /** Tokens a second. */
        double rate() {
            return Math.max(tokensPerFill / (fillMillis / 1e3), MIN_RATE);
        }
    }

    private final double maxTokens;
    private final double rate;

    /** Seconds, as the bits of a double. */
    private final AtomicLong emptyAt;

    public TokenBucket(Settings settings, long nowNanos) {
        this.maxTokens = settings.maxTokens;
        this.rate = settings.rate();
        this.emptyAt =
                new AtomicLong(Double.doubleToRawLongBits(nowNanos / 1e9 - maxTokens / rate));
    }

    /**
     * Takes tokens if that many are there; taking none is never allowed, as in Envoy.
     *
     * @return whether they were
     */
    public boolean consume(double tokens, long nowNanos) {
        if (tokens == 0) {
            return false;
        }
        double now = nowNanos / 1e9;
        while (true) {
            long seen = emptyAt.get();
            double there = there(seen, now);
            if (there + SLACK < tokens) {
                return false;
            }
            if (swap(seen, now - (there - tokens) / rate)) {
                return true;
            }
        }
    }

    /** Gives tokens back, as far as they fit in. */
    public void refill(double tokens, long nowNanos) {
        double now = nowNanos / 1e9;
        while (true) {
            long seen = emptyAt.get();
            double full = Math.min(maxTokens, there(seen, now) + tokens);
            if (swap(seen, now - full / rate)) {
                return;
            }
        }
    }

    private boolean swap(long seen, double seconds) {
        return emptyAt.compareAndSet(seen, Double.doubleToRawLongBits(seconds));
    }

    private double there(long emptyAtBits, double now) {
        return Math.min(maxTokens, (now - Double.longBitsToDouble(emptyAtBits)) * rate);
    }

    /** Whole tokens that are there. */
    public long remaining(long nowNanos) {
        return (long) Math.max(0, there(emptyAt.get(), nowNanos / 1e9) + SLACK);
    }

    /** Whole seconds, rounded up, until there is a token; 0 = there is one. */
    public long secondsToNext(long nowNanos) {
        double there = there(emptyAt.get(), nowNanos / 1e9);
        return there + SLACK >= 1 ? 0 : (long) Math.ceil((1 - Math.max(0, there)) / rate - SLACK);
    }

    public long maxTokens() {
        return (long) maxTokens;
    }

    /** Tokens a second. */
    double rate() {
        return rate;
    }
}
