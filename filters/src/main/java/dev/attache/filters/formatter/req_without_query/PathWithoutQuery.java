package dev.attache.filters.formatter.req_without_query;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.FormatCommand;
import org.jspecify.annotations.Nullable;

/** {@code %REQ_WITHOUT_QUERY(X?Y):Z%}: a request header cut at its question mark. Immutable. */
final class PathWithoutQuery implements CommandFactory {
    @Override
    public @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        if (!name.equals("REQ_WITHOUT_QUERY")) {
            return null;
        }
        if (argument == null || argument.isEmpty()) {
            throw new IllegalArgumentException(
                    "REQ_WITHOUT_QUERY requires parameters: a header name and optionally"
                            + " ?alternative");
        }
        String[] names = argument.split("\\?", -1);
        if (names.length > 2) {
            throw new IllegalArgumentException(
                    "More than 1 alternative header specified in token: " + argument);
        }
        HeaderName main = HeaderName.of(names[0]);
        HeaderName other = names.length == 2 ? HeaderName.of(names[1]) : main;
        return context -> {
            Headers request = context.requestHeaders();
            if (request == null) {
                return null;
            }
            int index = request.indexOf(main);
            index = index < 0 ? request.indexOf(other) : index;
            return index < 0 ? null : cut(request.value(index), maxLength);
        };
    }

    private static String cut(String value, int maxLength) {
        int query = value.indexOf('?');
        int end = query < 0 ? value.length() : query;
        return value.substring(0, maxLength < 0 ? end : Math.min(end, maxLength));
    }
}
