package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** {@code %REQ(A?B):N%} and its relatives: one header, with a fallback, cut to a length. */
final class HeaderCommands {

    private enum Source {
        REQUEST,
        RESPONSE,
        TRAILER
    }

    private HeaderCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "REQ", "REQUEST_HEADER" -> header(Source.REQUEST, name, argument, maxLength);
            case "RESP", "RESPONSE_HEADER" -> header(Source.RESPONSE, name, argument, maxLength);
            case "TRAILER", "RESPONSE_TRAILER" -> header(Source.TRAILER, name, argument, maxLength);
            case "PATH" -> path(argument, maxLength);
            case "QUERY_PARAM" -> queryParam(name, argument, maxLength);
            case "QUERY_PARAMS" -> queryString(maxLength);
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

    private static FormatCommand header(
            Source source, String command, @Nullable String argument, int maxLength) {
        if (argument == null || argument.isEmpty()) {
            throw new IllegalArgumentException(
                    command + " requires parameters: a header name and optionally ?alternative");
        }
        String[] names = argument.split("\\?", -1);
        if (names.length > 2) {
            throw new IllegalArgumentException(
                    "More than 1 alternative header specified in token: " + argument);
        }
        HeaderName main = HeaderName.of(names[0]);
        HeaderName alternative = names.length == 2 ? HeaderName.of(names[1]) : null;
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

    private static FormatCommand.Numeric size(Source source) {
        return context -> {
            Headers headers = headers(source, context);
            return headers == null ? 0 : headers.byteSize();
        };
    }

    /** {@code %PATH(WQ|NQ:ORIG|PATH|ORIG_OR_PATH)%}. */
    private static FormatCommand path(@Nullable String argument, int maxLength) {
        String[] options = argument == null ? new String[0] : argument.split(":", -1);
        String query = options.length > 0 && !options[0].isEmpty() ? options[0] : "WQ";
        String which = options.length > 1 && !options[1].isEmpty() ? options[1] : "PATH";
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
            Headers headers = context.requestHeaders();
            if (headers == null) {
                return null;
            }
            String path =
                    which.equals("PATH") ? null : headers.get(HeaderName.X_ENVOY_ORIGINAL_PATH);
            if (path == null && !which.equals("ORIG")) {
                path = headers.get(HeaderName.PATH);
            }
            if (path == null) {
                return null;
            }
            int mark = withQuery ? -1 : path.indexOf('?');
            return cut(mark < 0 ? path : path.substring(0, mark), maxLength);
        };
    }

    private static FormatCommand queryParam(String command, @Nullable String key, int maxLength) {
        if (key == null || key.isEmpty()) {
            throw new IllegalArgumentException(command + " requires a parameter name");
        }
        return context -> {
            String query = query(context);
            if (query == null) {
                return null;
            }
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (name.equals(key)) {
                    return cut(equals < 0 ? "" : pair.substring(equals + 1), maxLength);
                }
            }
            return null;
        };
    }

    private static FormatCommand queryString(int maxLength) {
        return context -> {
            String query = query(context);
            return query == null ? null : cut(query, maxLength);
        };
    }

    private static @Nullable String query(FormatContext context) {
        Headers headers = context.requestHeaders();
        String path = headers == null ? null : headers.get(HeaderName.PATH);
        int mark = path == null ? -1 : path.indexOf('?');
        return mark < 0 || path == null ? null : path.substring(mark + 1);
    }

    static String cut(String value, int maxLength) {
        return maxLength < 0 || value.length() <= maxLength ? value : value.substring(0, maxLength);
    }
}
