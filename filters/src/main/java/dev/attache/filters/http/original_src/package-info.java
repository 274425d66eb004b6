/**
 * {@code envoy.filters.http.original_src}: a request goes upstream from the address that it is
 * believed to come from, which may stand in {@code x-forwarded-for}.
 *
 * <p>Type URL {@code envoy.extensions.filters.http.original_src.v3.OriginalSrc}. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.original_src;

import org.jspecify.annotations.NullMarked;
