package dev.attache.proxy.attempt;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.RetryPolicy;

/** {@code rate_limited_retry_back_off}: how long the upstream asked us to wait. Pure. */
final class RateLimitReset {

    private RateLimitReset() {}

    /** 0 where no header says, or says too much. */
    static long millis(RetryPolicy policy, Headers response) {
        for (RetryPolicy.ResetHeader header : policy.rateLimitedResetHeaders()) {
            long value = response.getLong(header.name());
            if (value < 0) {
                continue;
            }
            long millis =
                    header.unixTimestamp()
                            ? value * 1000 - System.currentTimeMillis()
                            : value * 1000;
            if (millis > 0 && millis <= policy.rateLimitedMaxIntervalMillis()) {
                return millis;
            }
        }
        return 0;
    }
}
