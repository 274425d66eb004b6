/**
 * {@code envoy.access_loggers.extension_filters.cel}: an access-log filter that is an expression.
 *
 * <p>Type URL {@code envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter}.
 */
@NullMarked
package dev.attache.filters.access_loggers.cel;

import org.jspecify.annotations.NullMarked;
