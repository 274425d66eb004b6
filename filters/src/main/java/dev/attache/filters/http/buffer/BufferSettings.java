package dev.attache.filters.http.buffer;

/**
 * Of the filter, or of a route, which replaces the filter's. Immutable.
 *
 * @param maxRequestBytes what is more is refused with 413
 */
record BufferSettings(boolean disabled, long maxRequestBytes) {}
