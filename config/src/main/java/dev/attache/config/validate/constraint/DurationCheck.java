package dev.attache.config.validate.constraint;

import com.google.protobuf.WireFormat;
import dev.attache.api.FieldRules.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The constraints of a {@code google.protobuf.Duration}. */
public final class DurationCheck extends ValueCheck {
    private static final long NANOS = 1_000_000_000L;
    private static final int SECONDS_FIELD = 1;
    private static final int NANOS_FIELD = 2;

    private final Durations rules;

    public DurationCheck(Durations rules) {
        this.rules = rules;
    }

    @Override
    public @Nullable String span(byte[] bytes, int from, int to) throws MalformedMessageException {
        WireReader in = new WireReader();
        in.open(bytes, from, to);
        long seconds = 0;
        int nanos = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == (SECONDS_FIELD << 3 | WireFormat.WIRETYPE_VARINT)) {
                seconds = in.varint();
            } else if (tag == (NANOS_FIELD << 3 | WireFormat.WIRETYPE_VARINT)) {
                nanos = (int) in.varint();
            } else {
                in.skip(tag);
            }
        }
        return wrong(seconds, nanos);
    }

    private @Nullable String wrong(long seconds, int nanos) {
        long carried = Math.floorDiv(nanos, (int) NANOS);
        // No whole seconds are carried past the far ends: they are beyond every bound.
        long whole = Math.abs(seconds / 4) == Long.MAX_VALUE / 4 ? seconds : seconds + carried;
        int rest = Math.floorMod(nanos, (int) NANOS);
        Duration low = rules.gt() != null ? rules.gt() : rules.gte();
        Duration high = rules.lt() != null ? rules.lt() : rules.lte();
        if (low != null && whole < 0) {
            return "Invalid duration: Expected positive duration";
        }
        Duration constant = rules.constant();
        if (constant != null && compare(whole, rest, constant) != 0) {
            return "value must be equal to " + text(constant);
        }
        boolean above = low == null || compare(whole, rest, low) >= (rules.gt() != null ? 1 : 0);
        boolean below = high == null || compare(whole, rest, high) <= (rules.lt() != null ? -1 : 0);
        if (above && below) {
            return null;
        }
        if (low != null && high != null) {
            return "value must be inside range "
                    + (rules.gt() != null ? "(" : "[")
                    + text(low)
                    + ", "
                    + text(high)
                    + (rules.lt() != null ? ")" : "]");
        }
        return high != null
                ? "value must be less than " + bound(rules.lt() != null, high)
                : "value must be greater than " + bound(rules.gt() != null, low);
    }

    private static String bound(boolean open, @Nullable Duration bound) {
        return (open ? "" : "or equal to ") + (bound == null ? "" : text(bound));
    }

    private static int compare(long seconds, int nanos, Duration bound) {
        int whole = Long.compare(seconds, bound.getSeconds());
        return whole != 0 ? whole : Integer.compare(nanos, bound.getNano());
    }

    /**
     * As Go prints a duration, which is how the generated texts came about: 0s, 1ms, 1m0s, 1h0m0s.
     */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        if (Math.abs(nanos) < 1_000) {
            return nanos + "ns";
        }
        if (Math.abs(nanos) < 1_000_000) {
            return decimal(nanos, 3) + "µs";
        }
        if (Math.abs(nanos) < NANOS) {
            return decimal(nanos, 6) + "ms";
        }
        long minutes = nanos / (60 * NANOS);
        String seconds = decimal(nanos - minutes * 60 * NANOS, 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        String rest = minutes % 60 + "m" + seconds;
        return minutes < 60 ? rest : minutes / 60 + "h" + rest;
    }

    private static String decimal(long nanos, int scale) {
        return BigDecimal.valueOf(nanos, scale).stripTrailingZeros().toPlainString();
    }
}
