package dev.attache.filters.http.ext_authz;

import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Shown;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which headers of a request a service sees. Pure. */
final class ShownHeaders {
    private static final String PARTIAL_BODY = "x-envoy-auth-partial-body";

    private ShownHeaders() {}

    static Headers of(Headers all, Shown shown) {
        Headers seen = all.copy();
        for (int i = seen.size() - 1; i >= 0; i--) {
            String name = seen.name(i);
            boolean hidden =
                    name.equals(PARTIAL_BODY)
                            || matches(shown.disallowed(), name, false)
                            || !matches(shown.allowed(), name, true);
            if (hidden) {
                seen.removeAt(i);
            }
        }
        return seen;
    }

    private static boolean matches(
            @Nullable List<StringMatcher> matchers, String name, boolean otherwise) {
        if (matchers == null) {
            return otherwise;
        }
        for (StringMatcher matcher : matchers) {
            if (matcher.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
