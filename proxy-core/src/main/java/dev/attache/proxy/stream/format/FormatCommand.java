package dev.attache.proxy.stream.format;

import dev.attache.proxy.metadata.MetadataValue;
import org.jspecify.annotations.Nullable;

/** One compiled {@code %COMMAND%}. Immutable, any thread. */
@FunctionalInterface
public interface FormatCommand {

    /** The value as text, or null where it is missing. */
    @Nullable String text(FormatContext context);

    /** The value as JSON keeps it; numbers stay numbers where the command says so. */
    default @Nullable MetadataValue value(FormatContext context) {
        String text = text(context);
        return text == null ? null : new MetadataValue.Text(text);
    }

    /** A command that is a number in JSON and its decimal digits in text. */
    interface Numeric extends FormatCommand {

        /** {@link Long#MIN_VALUE} where missing. */
        long number(FormatContext context);

        @Override
        default @Nullable String text(FormatContext context) {
            long number = number(context);
            return number == Long.MIN_VALUE ? null : Long.toString(number);
        }

        @Override
        default @Nullable MetadataValue value(FormatContext context) {
            long number = number(context);
            return number == Long.MIN_VALUE ? null : new MetadataValue.Number(number);
        }
    }
}
