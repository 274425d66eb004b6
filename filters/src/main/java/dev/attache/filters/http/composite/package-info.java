/**
 * Filters that are chosen for each stream, {@code
 * envoy.extensions.filters.http.composite.v3.Composite}, by a matcher of its own or by that of
 * {@code ExtensionWithMatcher} around it, with {@code CompositePerRoute} (Envoy's page: "Composite
 * filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.composite;

import org.jspecify.annotations.NullMarked;
