package dev.attache.proxy.stream.format;

import org.jspecify.annotations.Nullable;

/**
 * {@code core.v3.SubstitutionFormatString} for the body of an answer that the proxy makes itself.
 * Immutable.
 *
 * @param text null where there is {@code json}
 * @param omitEmpty whether a text without some value has nothing, or a dash, in its place
 * @param contentType of what comes out; empty = not said, which is text
 */
public record BodyFormat(
        @Nullable Formatter text,
        boolean omitEmpty,
        @Nullable JsonFormat json,
        String contentType) {

    /** The body; octets as characters. */
    public String format(FormatContext context) {
        if (text != null) {
            return omitEmpty ? text.formatOmittingEmpty(context) : text.format(context);
        }
        StringBuilder out = new StringBuilder();
        if (json != null) {
            json.appendTo(out, context);
            out.append('\n');
        }
        return out.toString();
    }
}
