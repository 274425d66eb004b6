package dev.attache.filters.http.header_to_metadata;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.match.CookieMatcher;
import org.jspecify.annotations.Nullable;

/** Where a value is looked for. Immutable. */
sealed interface Selector {

    /** What is there, or null. */
    @Nullable String take(Headers headers);

    /**
     * All values of a header, with commas between them.
     *
     * @param remove it does not go on
     */
    record Header(HeaderName name, boolean remove) implements Selector {
        @Override
        public @Nullable String take(Headers headers) {
            String all = headers.getJoined(name);
            if (all != null && remove) {
                headers.remove(name);
            }
            return all;
        }
    }

    /** A cookie; one without a value is as good as none. */
    record Cookie(String name) implements Selector {
        @Override
        public @Nullable String take(Headers headers) {
            String found = CookieMatcher.first(headers, name);
            return found == null || found.isEmpty() ? null : found;
        }
    }
}
