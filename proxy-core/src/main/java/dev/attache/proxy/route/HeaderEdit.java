package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.HeaderMutations.Addition;
import dev.attache.proxy.route.HeaderMutations.AppendAction;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;

/**
 * One entry of a list of {@code HeaderMutation}. Other than what {@link HeaderMutations} does, the
 * entries of a list are carried out one after another, in their order: each sees what those before
 * it have done. Immutable.
 */
public sealed interface HeaderEdit {

    void apply(Headers headers, FormatContext context);

    /** Carries out a list. */
    static void apply(List<HeaderEdit> edits, Headers headers, FormatContext context) {
        for (int i = 0; i < edits.size(); i++) {
            edits.get(i).apply(headers, context);
        }
    }

    /** {@code append} */
    record Append(Addition addition) implements HeaderEdit {

        @Override
        public void apply(Headers headers, FormatContext context) {
            if (!addition.applies(headers)) {
                return;
            }
            String value = addition.value().formatOmittingEmpty(context);
            if (value.isEmpty() && !addition.keepEmptyValue()) {
                return;
            }
            if (addition.action() == AppendAction.OVERWRITE_IF_EXISTS
                    || addition.action() == AppendAction.OVERWRITE_IF_EXISTS_OR_ADD) {
                headers.set(addition.name(), value);
            } else {
                headers.add(addition.name(), value);
            }
        }
    }

    /** {@code remove}; pseudo-headers too, as in Envoy. */
    record Remove(HeaderName name) implements HeaderEdit {

        @Override
        public void apply(Headers headers, FormatContext context) {
            headers.remove(name);
        }
    }

    /** {@code remove_on_match}: of the names as they are kept, in small letters. */
    record RemoveMatching(StringMatcher names) implements HeaderEdit {

        @Override
        public void apply(Headers headers, FormatContext context) {
            for (int i = headers.size() - 1; i >= 0; i--) {
                if (names.matches(headers.name(i))) {
                    headers.removeAt(i);
                }
            }
        }
    }
}
