/**
 * {@code envoy.filters.http.stateful_session}, {@code
 * envoy.extensions.filters.http.stateful_session.v3.StatefulSession} and {@code
 * StatefulSessionPerRoute} (Envoy's page: "Stateful session"): requests of a session go to the host
 * that had the first one, which the client brings along. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.stateful_session;

import org.jspecify.annotations.NullMarked;
