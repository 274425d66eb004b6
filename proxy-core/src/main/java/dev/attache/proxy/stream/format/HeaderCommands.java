package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code %REQ(A?B):N%} and its relatives: one header, with a fallback, cut to a length. */
final class HeaderCommands {

    private enum Source {
        REQUEST,
        RESPONSE,
        TRAILER
    }

    /** A field name (RFC 9110 section 5.1), a pseudo-header, or nothing. */
    private static final Pattern NAME = Pattern.compile(":?[!#$%&'*+.^_`|~0-9A-Za-z-]*");

    private HeaderCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "REQ", "REQUEST_HEADER" -> header(Source.REQUEST, argument, maxLength);
            case "RESP", "RESPONSE_HEADER" -> header(Source.RESPONSE, argument, maxLength);
            case "TRAILER", "RESPONSE_TRAILER" -> header(Source.TRAILER, argument, maxLength);
            case "REQUEST_HEADERS_BYTES" -> size(Source.REQUEST);
            case "RESPONSE_HEADERS_BYTES" -> size(Source.RESPONSE);
            case "RESPONSE_TRAILERS_BYTES" -> size(Source.TRAILER);
            case "GRPC_STATUS" -> GrpcStatusText.command(argument);
            case "GRPC_STATUS_NUMBER" -> (FormatCommand.Numeric) GrpcStatusText::number;
            default -> null;
        };
    }

    private static @Nullable Headers headers(Source source, FormatContext context) {
        return switch (source) {
            case REQUEST -> context.requestHeaders();
            case RESPONSE -> context.responseHeaders();
            case TRAILER -> context.responseTrailers();
        };
    }

    private static FormatCommand header(Source source, @Nullable String argument, int maxLength) {
        String[] names = (argument == null ? "" : argument).split("\\?", -1);
        if (names.length > 2) {
            throw new IllegalArgumentException(
                    "More than 1 alternative header specified in token: " + argument);
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "Invalid header configuration. Format string contains invalid characters.");
            }
        }
        HeaderName main = name(source, names[0]);
        HeaderName alternative =
                names.length == 2 && !names[1].isEmpty() ? name(source, names[1]) : null;
        return context -> {
            Headers headers = headers(source, context);
            if (headers == null) {
                return null;
            }
            int i = headers.indexOf(main);
            if (i < 0 && alternative != null) {
                i = headers.indexOf(alternative);
            }
            return i < 0 ? null : cut(headers.value(i), maxLength);
        };
    }

    /** A request's {@code host} is its {@code :authority}. */
    private static HeaderName name(Source source, String name) {
        return source == Source.REQUEST && name.equalsIgnoreCase("host")
                ? HeaderName.AUTHORITY
                : HeaderName.of(name);
    }

    private static FormatCommand.Numeric size(Source source) {
        return context -> {
            Headers headers = headers(source, context);
            return headers == null ? 0 : headers.byteSize();
        };
    }

    static String cut(String value, int maxLength) {
        return maxLength < 0 || value.length() <= maxLength ? value : value.substring(0, maxLength);
    }
}
