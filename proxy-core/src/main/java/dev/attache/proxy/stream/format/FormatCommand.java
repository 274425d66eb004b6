package dev.attache.proxy.stream.format;

import dev.attache.proxy.stream.format.json.JsonText;
import org.jspecify.annotations.Nullable;

/** One compiled {@code %COMMAND%}. Immutable, any thread. */
@FunctionalInterface
public interface FormatCommand {

    /** The value as octets (one character per byte), or null where it is missing. */
    @Nullable String text(FormatContext context);

    /**
     * Appends the value as JSON has it: a string, unless the command has another type.
     *
     * @return false, with nothing appended, where the value is missing
     */
    default boolean appendJson(StringBuilder out, FormatContext context) {
        String text = text(context);
        if (text == null) {
            return false;
        }
        JsonText.quoteOctets(out, text);
        return true;
    }

    /** A command that is a whole number in JSON and its decimal digits in text. */
    interface Numeric extends FormatCommand {

        /** {@link Long#MIN_VALUE} where missing. */
        long number(FormatContext context);

        @Override
        default @Nullable String text(FormatContext context) {
            long number = number(context);
            return number == Long.MIN_VALUE ? null : Long.toString(number);
        }

        @Override
        default boolean appendJson(StringBuilder out, FormatContext context) {
            long number = number(context);
            if (number != Long.MIN_VALUE) {
                out.append(number);
            }
            return number != Long.MIN_VALUE;
        }
    }
}
