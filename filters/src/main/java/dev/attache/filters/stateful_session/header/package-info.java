/**
 * {@code envoy.http.stateful_session.header}: in a header that the client sends again.
 *
 * <p>Type URL {@code envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState}.
 */
@NullMarked
package dev.attache.filters.stateful_session.header;

import org.jspecify.annotations.NullMarked;
