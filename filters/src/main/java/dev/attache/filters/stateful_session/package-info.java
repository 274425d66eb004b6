/**
 * Where a session's host is kept ({@code envoy.http.stateful_session}): each kind is a room, and
 * the filter {@code stateful_session} uses them.
 */
@NullMarked
package dev.attache.filters.stateful_session;

import org.jspecify.annotations.NullMarked;
