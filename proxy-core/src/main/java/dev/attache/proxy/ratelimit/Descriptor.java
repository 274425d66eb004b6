package dev.attache.proxy.ratelimit;

/**
 * What a request counts as.
 *
 * @param hits how much it counts; -1 = not said, which means one
 * @param refill whether it gives tokens back in place of taking them
 * @param headers whether the response tells of this limit
 */
public record Descriptor(DescriptorKey key, long hits, boolean refill, HeadersOption headers) {

    /** {@code x_ratelimit_option}. */
    public enum HeadersOption {
        /** As the filter says. */
        UNSPECIFIED,
        OFF,
        DRAFT_VERSION_03
    }
}
