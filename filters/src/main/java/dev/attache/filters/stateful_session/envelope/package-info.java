/**
 * {@code envoy.http.stateful_session.envelope}: beside the value of a header by which the upstream
 * itself knows its sessions.
 *
 * <p>Type URL {@code envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState}.
 */
@NullMarked
package dev.attache.filters.stateful_session.envelope;

import org.jspecify.annotations.NullMarked;
