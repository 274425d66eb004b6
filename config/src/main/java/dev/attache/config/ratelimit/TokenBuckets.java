package dev.attache.config.ratelimit;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import io.envoyproxy.envoy.type.v3.TokenBucket;

/** {@code envoy.type.v3.TokenBucket}. */
public final class TokenBuckets {
    private static final long MIN_FILL_MILLIS = 50;

    private TokenBuckets() {}

    /** The bucket; one that lets nothing through fills as it likes. */
    public static dev.attache.proxy.ratelimit.TokenBucket.Settings compile(
            TokenBucket bucket, CompileContext context) {
        return compile(bucket, "local rate limit token bucket fill timer must be >= 50ms", context);
    }

    /**
     * As {@link #compile(TokenBucket, CompileContext)}.
     *
     * @param tooFast Envoy's words for a bucket that fills too often
     */
    static dev.attache.proxy.ratelimit.TokenBucket.Settings compile(
            TokenBucket bucket, String tooFast, CompileContext context) {
        long millis = Durations.millis(bucket.getFillInterval(), context.at("fill_interval"));
        long max = Integer.toUnsignedLong(bucket.getMaxTokens());
        if (max != 0 && millis < MIN_FILL_MILLIS) {
            context.at("fill_interval").error(tooFast);
        }
        long perFill =
                bucket.hasTokensPerFill()
                        ? Integer.toUnsignedLong(bucket.getTokensPerFill().getValue())
                        : 1;
        return new dev.attache.proxy.ratelimit.TokenBucket.Settings(
                max, perFill, Math.max(millis, 1));
    }
}
