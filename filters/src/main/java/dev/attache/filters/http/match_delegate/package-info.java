/**
 * A filter that runs, or is passed by, as a matcher tree says: {@code
 * envoy.extensions.common.matching.v3.ExtensionWithMatcher}, with {@code
 * ExtensionWithMatcherPerRoute}; around the composite filter, the tree picks which filters run
 * (Envoy's page: "Composite filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.match_delegate;

import org.jspecify.annotations.NullMarked;
