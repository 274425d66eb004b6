/**
 * {@code envoy.http.stateful_session.cookie}: in a cookie of the proxy's own.
 *
 * <p>Type URL {@code envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState}.
 */
@NullMarked
package dev.attache.filters.stateful_session.cookie;

import org.jspecify.annotations.NullMarked;
