package dev.attache.filters.http.stateful_session;

import org.jspecify.annotations.Nullable;

/**
 * What a route says about the filter. Immutable.
 *
 * @param spec in the filter's place; null = the filter does nothing
 */
record StatefulSessionOverride(@Nullable StatefulSessionSpec spec) {}
