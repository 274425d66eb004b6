package dev.attache.proxy.ratelimit;

import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * How much a request counts: a number, or one that a format makes of the request. Immutable.
 *
 * @param number counts where there is no format; -1 = not said
 * @param negative the hits give tokens back
 */
public record HitsAddend(long number, @Nullable Formatter format, boolean negative) {

    /** Nothing is said: one. */
    public static final HitsAddend UNSET = new HitsAddend(-1, null, false);

    /** A format made no number that can be used: there is no descriptor then. */
    static final long INVALID = -2;

    private static final double MAX = 1_000_000_000;

    /** The hits, -1 where nothing is said, or {@link #INVALID}. */
    long of(DescriptorInputs inputs) {
        if (format == null) {
            return number;
        }
        String text = format.format(FormatContext.of(inputs.info(), inputs.requestHeaders()));
        if (text.isEmpty() || !isNumeric(text)) {
            return INVALID;
        }
        try {
            double hits = Double.parseDouble(text);
            return hits >= 0 && hits <= MAX ? (long) hits : INVALID;
        } catch (NumberFormatException e) {
            return INVALID;
        }
    }

    /** Letters that Java would accept in numbers, and nobody else does, are left out. */
    private static boolean isNumeric(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
