package dev.attache.filters.http.ext_authz;

import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Shown;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which headers of a request a service sees. Pure. */
final class ShownHeaders {
    private static final String PARTIAL_BODY = "x-envoy-auth-partial-body";

    private ShownHeaders() {}

    static Headers of(Headers all, Shown shown) {
        Headers seen = new Headers();
        for (int i = 0; i < all.size(); i++) {
            String name = all.name(i);
            boolean hidden =
                    name.equals(PARTIAL_BODY)
                            || matches(shown.disallowed(), name, false)
                            || !matches(shown.allowed(), name, true);
            if (!hidden) {
                seen.add(HeaderName.of(name), all.value(i));
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
