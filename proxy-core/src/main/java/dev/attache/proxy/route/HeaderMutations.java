package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one level (route, virtual host, route configuration, weighted cluster) does to headers, in
 * Envoy's order: removals, then all values are computed, then overwrites, then appends. What is
 * done where a header is there, or is not, depends on the headers after the removals: operations of
 * one level do not see each other. Immutable.
 */
public record HeaderMutations(
        List<Addition> additions, List<HeaderName> removals, List<StringMatcher> removalsByMatch) {

    public static final HeaderMutations NONE = new HeaderMutations(List.of(), List.of(), List.of());

    /** {@code HeaderValueOption.append_action}. */
    public enum AppendAction {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS_OR_ADD,
        OVERWRITE_IF_EXISTS
    }

    /** One header to add. */
    public record Addition(
            HeaderName name, Formatter value, AppendAction action, boolean keepEmptyValue) {

        /** Whether it has anything to do, with these headers. */
        boolean applies(Headers headers) {
            return switch (action) {
                case APPEND_IF_EXISTS_OR_ADD, OVERWRITE_IF_EXISTS_OR_ADD -> true;
                case ADD_IF_ABSENT -> !headers.contains(name);
                case OVERWRITE_IF_EXISTS -> headers.contains(name);
            };
        }
    }

    public HeaderMutations {
        additions = List.copyOf(additions);
        removals = List.copyOf(removals);
        removalsByMatch = List.copyOf(removalsByMatch);
    }

    public boolean isEmpty() {
        return additions.isEmpty() && removals.isEmpty() && removalsByMatch.isEmpty();
    }

    public void apply(Headers headers, FormatContext context) {
        for (HeaderName removal : removals) {
            headers.remove(removal);
        }
        for (StringMatcher matcher : removalsByMatch) {
            removeMatching(headers, matcher);
        }
        int count = additions.size();
        if (count == 0) {
            return;
        }
        @Nullable String[] values = new @Nullable String[count];
        for (int i = 0; i < count; i++) {
            Addition addition = additions.get(i);
            if (!addition.applies(headers)) {
                continue;
            }
            String value = addition.value.formatOmittingEmpty(context);
            values[i] = value.isEmpty() && !addition.keepEmptyValue ? null : value;
        }
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < count; i++) {
                Addition addition = additions.get(i);
                String value = values[i];
                if (value == null || overwrites(addition.action) != (pass == 0)) {
                    continue;
                }
                if (pass == 0) {
                    headers.set(addition.name, value);
                } else {
                    headers.add(addition.name, value);
                }
            }
        }
    }

    private static boolean overwrites(AppendAction action) {
        return action == AppendAction.OVERWRITE_IF_EXISTS_OR_ADD
                || action == AppendAction.OVERWRITE_IF_EXISTS;
    }

    private static void removeMatching(Headers headers, StringMatcher matcher) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            String name = headers.name(i);
            if (!name.startsWith(":") && !name.equals("host") && matcher.matches(name)) {
                headers.removeAt(i);
            }
        }
    }
}
