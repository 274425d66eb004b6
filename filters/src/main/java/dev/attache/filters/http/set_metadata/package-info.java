/**
 * Writes what its configuration says into dynamic metadata, {@code
 * envoy.extensions.filters.http.set_metadata.v3.Config}, the same message for routes (Envoy's page:
 * "Set Metadata"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.set_metadata;

import org.jspecify.annotations.NullMarked;
