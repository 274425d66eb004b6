package dev.attache.proxy.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * What a request counts as.
 *
 * @param hits how much it counts; -1 = not said, which means one
 * @param refill whether it gives tokens back in place of taking them
 * @param headers whether the response tells of this limit
 * @param limit what a rate limit service is to take in place of its own limit, or null
 */
public record Descriptor(
        DescriptorKey key,
        long hits,
        boolean refill,
        HeadersOption headers,
        @Nullable LimitOverride limit) {

    /** {@code x_ratelimit_option}. */
    public enum HeadersOption {
        /** As the filter says. */
        UNSPECIFIED,
        OFF,
        DRAFT_VERSION_03
    }
}
