package dev.attache.filters.http.bandwidth_limit;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.ratelimit.TokenBucket;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code BandwidthLimit}, of the filter or of a route, with the bucket that all its streams on all
 * workers share, one token an octet. Any thread.
 */
final class BandwidthSettings {

    private static final long SECOND_MILLIS = 1000;

    private final String statPrefix;
    private final boolean limitsRequests;
    private final boolean limitsResponses;
    private final long bytesPerSecond;
    private final long fillMillis;
    private final boolean reports;
    private final HeaderName requestDelay;
    private final HeaderName responseDelay;
    private final HeaderName requestFilterDelay;
    private final HeaderName responseFilterDelay;
    private final AtomicReference<@Nullable TokenBucket> bucket = new AtomicReference<>();

    /**
     * @param kibPerSecond 0 = nothing passes
     * @param reports trailers say what it took
     * @param trailerPrefix with the hyphen behind it, or empty
     */
    BandwidthSettings(
            String statPrefix,
            boolean limitsRequests,
            boolean limitsResponses,
            long kibPerSecond,
            long fillMillis,
            boolean reports,
            String trailerPrefix) {
        this.statPrefix = statPrefix;
        this.limitsRequests = limitsRequests;
        this.limitsResponses = limitsResponses;
        this.bytesPerSecond = Math.min(kibPerSecond >>> 0, Long.MAX_VALUE >> 10) << 10;
        this.fillMillis = fillMillis;
        this.reports = reports;
        this.requestDelay = HeaderName.of(trailerPrefix + "bandwidth-request-delay-ms");
        this.responseDelay = HeaderName.of(trailerPrefix + "bandwidth-response-delay-ms");
        this.requestFilterDelay =
                HeaderName.of(trailerPrefix + "bandwidth-request-filter-delay-ms");
        this.responseFilterDelay =
                HeaderName.of(trailerPrefix + "bandwidth-response-filter-delay-ms");
    }

    String statPrefix() {
        return statPrefix;
    }

    boolean limitsRequests() {
        return limitsRequests;
    }

    boolean limitsResponses() {
        return limitsResponses;
    }

    /** How often one who waits looks again. */
    long fillMillis() {
        return fillMillis;
    }

    boolean reports() {
        return reports;
    }

    HeaderName requestDelay() {
        return requestDelay;
    }

    HeaderName responseDelay() {
        return responseDelay;
    }

    HeaderName requestFilterDelay() {
        return requestFilterDelay;
    }

    HeaderName responseFilterDelay() {
        return responseFilterDelay;
    }

    /** As many octets as may go now, up to {@code wanted}. */
    long take(long wanted, long nowNanos) {
        if (wanted == 0 || bytesPerSecond <= 0) {
            return 0;
        }
        TokenBucket tokens = bucket(nowNanos);
        while (true) {
            long taken = Math.min(wanted, tokens.remaining(nowNanos));
            // Another worker may have been faster.
            if (taken == 0 || tokens.consume(taken, nowNanos)) {
                return taken;
            }
        }
    }

    /** It begins full, with a second's worth. */
    private TokenBucket bucket(long nowNanos) {
        TokenBucket present = bucket.get();
        if (present != null) {
            return present;
        }
        TokenBucket made =
                new TokenBucket(
                        new TokenBucket.Settings(bytesPerSecond, bytesPerSecond, SECOND_MILLIS),
                        nowNanos);
        TokenBucket first = bucket.compareAndExchange(null, made);
        return first == null ? made : first;
    }
}
