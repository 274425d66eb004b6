package dev.attache.proxy.ratelimit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of one configuration, or of one connection: a default one, and one for each descriptor
 * that has its own. Any thread; waits for nobody, but where a new value needs a bucket of its own.
 */
public final class LocalRateLimiter {

    /**
     * A descriptor with a bucket of its own; one with an empty value has a bucket for each value
     * that requests bring.
     *
     * @param shadow what exceeds it passes, and is counted
     */
    public record Rule(DescriptorKey key, TokenBucket.Settings bucket, boolean shadow) {}

    /**
     * What a limiter is made of. Immutable.
     *
     * @param bucket the default bucket, or null: without descriptors all pass
     * @param rules immutable; no two have equal keys
     * @param maxDynamic buckets of a descriptor with an empty value, of which the one used least
     *     recently goes
     * @param alwaysDefault requests with a descriptor's bucket take from the default one, too
     * @param shadowPasses an exceeded shadow rule leaves the others to decide; false: it ends there
     */
    public record Spec(
            TokenBucket.@Nullable Settings bucket,
            List<Rule> rules,
            int maxDynamic,
            boolean alwaysDefault,
            boolean shadowPasses) {

        /** One bucket for all. */
        public static Spec of(TokenBucket.Settings bucket) {
            return new Spec(bucket, List.of(), 0, true, true);
        }
    }

    /** What becomes of a request. */
    public enum Outcome {
        ALLOWED,
        LIMITED,
        /** Limited by a shadow rule, and so not. */
        SHADOWED
    }

    /**
     * An answer.
     *
     * @param bucket whose numbers the client may see, or null
     */
    public record Verdict(
            Outcome outcome, @Nullable TokenBucket bucket, Descriptor.HeadersOption headers) {
        private static Verdict of(Outcome outcome, @Nullable TokenBucket bucket) {
            return new Verdict(outcome, bucket, Descriptor.HeadersOption.UNSPECIFIED);
        }

        private static Verdict ofMatch(Outcome outcome, Match match) {
            return new Verdict(outcome, match.limit.bucket(), match.descriptor.headers());
        }
    }

    /** A bucket of a rule. */
    record Limit(TokenBucket bucket, boolean shadow) {}

    private record Match(Limit limit, Descriptor descriptor) {}

    private static final Verdict PASSES = Verdict.of(Outcome.ALLOWED, null);
    private static final Verdict NEVER = Verdict.of(Outcome.LIMITED, null);

    private final Spec spec;
    private final @Nullable TokenBucket common;
    private final Verdict commonPasses;
    private final Verdict commonLimits;
    private final Map<DescriptorKey, Limit> fixed = new HashMap<>();
    private final List<DynamicLimits> dynamic = new ArrayList<>();

    public LocalRateLimiter(Spec spec, long nowNanos) {
        this.spec = spec;
        TokenBucket.Settings bucket = spec.bucket;
        this.common =
                bucket == null || bucket.maxTokens() == 0
                        ? null
                        : new TokenBucket(bucket, nowNanos);
        this.commonPasses = common == null ? PASSES : Verdict.of(Outcome.ALLOWED, common);
        this.commonLimits = common == null ? NEVER : Verdict.of(Outcome.LIMITED, common);
        for (Rule rule : spec.rules) {
            if (rule.key.hasWildcard()) {
                dynamic.add(new DynamicLimits(rule, spec.maxDynamic));
            } else {
                TokenBucket own = new TokenBucket(rule.bucket, nowNanos);
                fixed.put(rule.key, new Limit(own, rule.shadow));
            }
        }
    }

    /** One hit on the default bucket alone. */
    public boolean allows(long nowNanos) {
        return ask(List.of(), 1, nowNanos).outcome == Outcome.ALLOWED;
    }

    /**
     * Takes what the request costs, of the slowest bucket first, until one has not enough.
     *
     * @param descriptors of the request
     * @param share of the tokens that are for this process, above 0 and at most 1
     */
    public Verdict ask(List<Descriptor> descriptors, double share, long nowNanos) {
        List<Match> matches = descriptors.isEmpty() ? List.of() : matches(descriptors, nowNanos);
        Match shadowed = null;
        for (int i = 0; i < matches.size(); i++) {
            Match match = matches.get(i);
            if (takes(match, share, nowNanos)) {
                continue;
            }
            if (!match.limit.shadow) {
                return Verdict.ofMatch(Outcome.LIMITED, match);
            }
            if (!spec.shadowPasses) {
                return Verdict.ofMatch(Outcome.SHADOWED, match);
            }
            shadowed = shadowed == null ? match : shadowed;
        }
        if ((matches.isEmpty() || spec.alwaysDefault) && !commonTakes(share, nowNanos)) {
            return commonLimits;
        }
        if (shadowed != null) {
            return Verdict.ofMatch(Outcome.SHADOWED, shadowed);
        }
        return matches.isEmpty()
                ? commonPasses
                : Verdict.ofMatch(Outcome.ALLOWED, matches.getFirst());
    }

    private boolean commonTakes(double share, long nowNanos) {
        return common == null ? spec.bucket == null : common.consume(1 / share, nowNanos);
    }

    private static boolean takes(Match match, double share, long nowNanos) {
        Descriptor descriptor = match.descriptor;
        TokenBucket bucket = match.limit.bucket();
        if (descriptor.refill()) {
            bucket.refill(descriptor.hits(), nowNanos);
            return true;
        }
        long hits = descriptor.hits() < 0 ? 1 : descriptor.hits();
        return bucket.consume(hits / share, nowNanos);
    }

    /** Those that have a bucket, slowest first, in their order where equally slow. */
    private List<Match> matches(List<Descriptor> descriptors, long nowNanos) {
        List<Match> matches = new ArrayList<>(descriptors.size());
        for (int i = 0; i < descriptors.size(); i++) {
            Descriptor descriptor = descriptors.get(i);
            Limit limit = limit(descriptor.key(), nowNanos);
            if (limit != null) {
                int at = matches.size();
                double rate = limit.bucket().rate();
                while (at > 0 && matches.get(at - 1).limit.bucket().rate() > rate) {
                    at--;
                }
                matches.add(at, new Match(limit, descriptor));
            }
        }
        return matches;
    }

    private @Nullable Limit limit(DescriptorKey key, long nowNanos) {
        Limit own = fixed.get(key);
        for (int i = 0; own == null && i < dynamic.size(); i++) {
            own = dynamic.get(i).limit(key, nowNanos);
        }
        return own;
    }
}
