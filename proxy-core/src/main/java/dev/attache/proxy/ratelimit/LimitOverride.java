package dev.attache.proxy.ratelimit;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limit that a rate limit service is to take in place of its own. Immutable.
 *
 * @param requestsPerUnit 32 bits, unsigned
 */
public record LimitOverride(long requestsPerUnit, Unit unit) {

    /** {@code envoy.type.v3.RateLimitUnit}, by its numbers. */
    public enum Unit {
        UNKNOWN,
        SECOND,
        MINUTE,
        HOUR,
        DAY,
        MONTH,
        YEAR;

        /** The unit of that number; one that nobody knows is {@link #UNKNOWN}. */
        public static Unit of(int number) {
            return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
        }

        /** The unit of that name, or null. */
        static @Nullable Unit named(String name) {
            for (Unit unit : values()) {
                if (unit.name().equals(name)) {
                    return unit;
                }
            }
            return null;
        }
    }

    /** {@code RateLimit.Override}: where the limit comes from. Immutable, any thread. */
    public sealed interface Source {

        /** The limit for this stream, or null where there is none. */
        @Nullable LimitOverride of(StreamInfo info);
    }

    /** No limit: the service's own holds. */
    public record None() implements Source {
        @Override
        public @Nullable LimitOverride of(StreamInfo info) {
            return null;
        }
    }

    /** The same for all. */
    public record Fixed(LimitOverride limit) implements Source {
        @Override
        public LimitOverride of(StreamInfo info) {
            return limit;
        }
    }

    /** A struct of dynamic metadata with {@code requests_per_unit} and {@code unit}. */
    public record InMetadata(String namespace, List<String> path) implements Source {
        private static final double MAX = 0xffff_ffffL;

        public InMetadata {
            path = List.copyOf(path);
        }

        @Override
        public @Nullable LimitOverride of(StreamInfo info) {
            if (!(info.dynamicMetadata().get(namespace, path) instanceof MetadataValue.Struct limit)
                    || !(limit.fields().get("requests_per_unit")
                            instanceof MetadataValue.Number requests)
                    || !(limit.fields().get("unit") instanceof MetadataValue.Text name)) {
                return null;
            }
            Unit unit = Unit.named(name.value());
            double count = Math.clamp(requests.value(), 0, MAX);
            return unit == null ? null : new LimitOverride((long) count, unit);
        }
    }
}
