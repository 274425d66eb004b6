/**
 * {@code envoy.formatter.cel}: {@code %CEL(expression):Z%} and {@code %TYPED_CEL(expression):Z%}.
 *
 * <p>Type URL {@code envoy.extensions.formatter.cel.v3.Cel}.
 */
@NullMarked
package dev.attache.filters.formatter.cel;

import org.jspecify.annotations.NullMarked;
