/**
 * Decodes bodies on their way, {@code envoy.extensions.filters.http.decompressor.v3.Decompressor}
 * (Envoy's page: "Decompressor"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.decompressor;

import org.jspecify.annotations.NullMarked;
