/**
 * Envoy's attributes: what expressions can ask of a request, its connections and its configuration.
 */
@NullMarked
package dev.attache.filters.cel.attribute;

import org.jspecify.annotations.NullMarked;
