package dev.attache.proxy.ratelimit;

import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * The value of an entry: a text, or what a format makes of the request. Immutable.
 *
 * @param text the configured text
 * @param format what it means, where it is a format
 * @param otherwise in place of a format's empty result; empty = then there is no descriptor
 */
public record DescriptorValue(String text, @Nullable Formatter format, String otherwise) {

    /** The value, or null where there is none. */
    @Nullable String of(DescriptorInputs inputs) {
        if (format == null) {
            return text;
        }
        String made =
                format.formatOmittingEmpty(
                        FormatContext.of(inputs.info(), inputs.requestHeaders()));
        String value = made.isEmpty() ? otherwise : made;
        return value.isEmpty() ? null : value;
    }
}
