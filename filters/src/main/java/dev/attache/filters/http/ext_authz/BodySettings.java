package dev.attache.filters.http.ext_authz;

/**
 * {@code BufferSettings}: how much of the body the service is told. Immutable.
 *
 * @param partial whether a longer body is told in part; otherwise its request is refused with 413
 * @param asBytes whether it goes as octets; text that is no UTF-8 is mended otherwise
 */
record BodySettings(long maxBytes, boolean partial, boolean asBytes) {}
