/**
 * {@code envoy.rate_limit_descriptors.expr}: an entry of a descriptor whose value is that of an
 * expression in CEL.
 *
 * <p>Type URL {@code envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor}.
 */
@NullMarked
package dev.attache.filters.rate_limit_descriptors.expr;

import org.jspecify.annotations.NullMarked;
