package dev.attache.config.ratelimit;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.ratelimit.DescriptorKey;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The buckets of a local limit: {@code token_bucket} and {@code descriptors}. */
public final class LimiterCompiler {

    /** Where {@code max_dynamic_descriptors} is not set. */
    public static final int MAX_DYNAMIC = 20;

    /** Switched off, an exceeded shadow descriptor ends the look at the others, as before 1.40. */
    private static final String SHADOW_PASSES =
            "envoy.reloadable_features.local_ratelimit_shadow_mode_no_short_circuit";

    private LimiterCompiler() {}

    /**
     * What stands at the fields {@code token_bucket} and {@code descriptors}.
     *
     * @param bucket null = not set
     */
    public static LocalRateLimiter.Spec compile(
            @Nullable TokenBucket bucket,
            List<LocalRateLimitDescriptor> descriptors,
            int maxDynamic,
            boolean alwaysDefault,
            CompileContext context) {
        List<LocalRateLimiter.Rule> rules = new ArrayList<>(descriptors.size());
        Set<DescriptorKey> keys = new HashSet<>();
        for (int i = 0; i < descriptors.size(); i++) {
            LocalRateLimitDescriptor descriptor = descriptors.get(i);
            CompileContext at = context.at("descriptors", i);
            DescriptorKey key = key(descriptor.getEntriesList());
            if (!keys.add(key)) {
                at.error("duplicate descriptor in the local rate descriptor: " + key);
            }
            rules.add(
                    new LocalRateLimiter.Rule(
                            key,
                            TokenBuckets.compile(
                                    descriptor.getTokenBucket(),
                                    "local rate limit descriptor token bucket fill timer must be"
                                            + " >= 50ms",
                                    at.at("token_bucket")),
                            Overlay.of(descriptor).flag("shadow_mode")));
        }
        return new LocalRateLimiter.Spec(
                bucket == null ? null : TokenBuckets.compile(bucket, context.at("token_bucket")),
                List.copyOf(rules),
                maxDynamic,
                alwaysDefault,
                context.settings().runtime().flag(SHADOW_PASSES, true));
    }

    private static DescriptorKey key(List<RateLimitDescriptor.Entry> entries) {
        List<String> texts = new ArrayList<>(2 * entries.size());
        for (RateLimitDescriptor.Entry entry : entries) {
            texts.add(Octets.of(entry.getKey()));
            texts.add(Octets.of(entry.getValue()));
        }
        return DescriptorKey.of(texts);
    }
}
