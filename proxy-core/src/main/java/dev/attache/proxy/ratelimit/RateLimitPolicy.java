package dev.attache.proxy.ratelimit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code rate_limits}: makes at most one descriptor of a request. Immutable, any
 * thread.
 *
 * @param stage filters look only at policies of their stage, 0 to 10
 * @param disableKey a runtime key that switches it off; empty = none
 * @param enabledPercent of requests that it is for, as the runtime key says; 100 without one
 * @param onStreamDone meant for the end of the stream, not for its begin
 * @param limit what a rate limit service is to take in place of its own limit
 */
public record RateLimitPolicy(
        int stage,
        String disableKey,
        long enabledPercent,
        List<DescriptorAction> actions,
        HitsAddend hits,
        boolean onStreamDone,
        Descriptor.HeadersOption headers,
        LimitOverride.Source limit) {

    public RateLimitPolicy {
        actions = List.copyOf(actions);
    }

    /** The descriptor for this request, or null where an action finds nothing. */
    public @Nullable Descriptor descriptor(DescriptorInputs inputs) {
        List<String> entries = new ArrayList<>(2 * actions.size());
        for (int i = 0; i < actions.size(); i++) {
            if (!actions.get(i).add(inputs, entries)) {
                return null;
            }
        }
        long count = hits.of(inputs);
        return count == HitsAddend.INVALID
                ? null
                : new Descriptor(
                        DescriptorKey.of(entries),
                        count,
                        hits.negative() && count >= 0,
                        headers,
                        limit.of(inputs.info()));
    }
}
