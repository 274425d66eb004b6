package dev.attache.filters.http.ext_authz;

import dev.attache.filters.authorization.AuthorizationService;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code ExtAuthzPerRoute} of one level. Immutable.
 *
 * @param disabled requests are not asked about
 * @param contextExtensions for the service, beside those of less specific levels
 * @param withoutBody whether the body is not waited for
 * @param body in place of the filter's settings, or null
 * @param service in place of the filter's, or null
 * @param emitsSpan in place of the filter's, or null
 */
record ExtAuthzOverride(
        boolean disabled,
        Map<String, String> contextExtensions,
        boolean withoutBody,
        @Nullable BodySettings body,
        @Nullable AuthorizationService service,
        @Nullable Boolean emitsSpan) {

    ExtAuthzOverride {
        contextExtensions = Map.copyOf(contextExtensions);
    }
}
