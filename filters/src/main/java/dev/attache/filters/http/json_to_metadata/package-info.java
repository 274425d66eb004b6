/**
 * Writes what bodies of JSON say into dynamic metadata, {@code
 * envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata}, the same message for routes
 * (Envoy's page: "Envoy Json-To-Metadata Filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.json_to_metadata;

import org.jspecify.annotations.NullMarked;
