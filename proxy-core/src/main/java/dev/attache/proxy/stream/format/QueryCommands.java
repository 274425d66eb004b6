package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.PercentEncoding;
import dev.attache.proxy.http.QueryString;
import org.jspecify.annotations.Nullable;

/** The request's path and query: {@code %PATH%}, {@code %QUERY_PARAM%}, {@code %QUERY_PARAMS%}. */
final class QueryCommands {

    private QueryCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "PATH" -> path(argument == null ? "" : argument, maxLength);
            case "QUERY_PARAM" -> queryParam(argument == null ? "" : argument, maxLength);
            case "QUERY_PARAMS" -> queryParams(argument == null ? "" : argument, maxLength);
            default -> null;
        };
    }

    /** {@code %PATH(WQ|NQ:ORIG|PATH|ORIG_OR_PATH)%}. */
    private static FormatCommand path(String argument, int maxLength) {
        String[] options = argument.split(":", -1);
        String query = options[0].isEmpty() ? "WQ" : options[0];
        String which = options.length > 1 && !options[1].isEmpty() ? options[1] : "ORIG_OR_PATH";
        if (!query.equals("WQ") && !query.equals("NQ")) {
            throw new IllegalArgumentException(
                    "Invalid PATH option: '" + query + "', only 'WQ'/'NQ' are allowed");
        }
        if (!which.equals("ORIG") && !which.equals("PATH") && !which.equals("ORIG_OR_PATH")) {
            throw new IllegalArgumentException(
                    "Invalid PATH option: '"
                            + which
                            + "', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed");
        }
        boolean withQuery = query.equals("WQ");
        return context -> {
            String path = chosenPath(context.requestHeaders(), which);
            if (path == null) {
                return null;
            }
            int mark = withQuery ? -1 : path.indexOf('?');
            return HeaderCommands.cut(mark < 0 ? path : path.substring(0, mark), maxLength);
        };
    }

    private static @Nullable String chosenPath(@Nullable Headers headers, String which) {
        if (headers == null) {
            return null;
        }
        String path = which.equals("PATH") ? null : headers.get(HeaderName.X_ENVOY_ORIGINAL_PATH);
        return path == null && !which.equals("ORIG") ? headers.get(HeaderName.PATH) : path;
    }

    private static FormatCommand queryParam(String key, int maxLength) {
        return context -> {
            String query = query(context);
            String value = query == null ? null : QueryString.first(query, key);
            return value == null ? null : HeaderCommands.cut(value, maxLength);
        };
    }

    private static FormatCommand queryParams(String option, int maxLength) {
        boolean decode = option.equals("DECODED");
        if (!decode && !option.isEmpty() && !option.equals("ORIG")) {
            throw new IllegalArgumentException(
                    "Invalid QUERY_PARAMS option: '"
                            + option
                            + "', only 'ORIG'/'DECODED' are allowed");
        }
        return context -> {
            String query = query(context);
            if (query == null) {
                return null;
            }
            return HeaderCommands.cut(decode ? readable(query) : query, maxLength);
        };
    }

    private static @Nullable String query(FormatContext context) {
        Headers headers = context.requestHeaders();
        String path = headers == null ? null : headers.get(HeaderName.PATH);
        return path == null ? null : QueryString.of(path);
    }

    /** Only visible ASCII is decoded, and a percent sign that begins nothing is dropped. */
    private static String readable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int octet = PercentEncoding.octet(text, i);
            if (octet > 0x20 && octet < 0x7f) {
                out.append((char) octet);
                i += 2;
            } else if (octet >= 0 || text.charAt(i) != '%') {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
