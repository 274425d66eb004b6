/**
 * {@code envoy.formatter.metadata}: {@code %METADATA(TYPE:NAMESPACE:KEY)%}.
 *
 * <p>Type URL {@code envoy.extensions.formatter.metadata.v3.Metadata}. The command is built in, so
 * the extension adds nothing to it.
 */
@NullMarked
package dev.attache.filters.formatter.metadata;

import org.jspecify.annotations.NullMarked;
