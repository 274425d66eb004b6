/**
 * Writes what headers and cookies say into dynamic metadata, {@code
 * envoy.extensions.filters.http.header_to_metadata.v3.Config}, the same message for routes (Envoy's
 * page: "Envoy Header-To-Metadata Filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.header_to_metadata;

import org.jspecify.annotations.NullMarked;
