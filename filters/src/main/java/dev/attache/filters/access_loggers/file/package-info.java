/**
 * {@code envoy.access_loggers.file}: entries appended to a file.
 *
 * <p>Type URL {@code envoy.extensions.access_loggers.file.v3.FileAccessLog}.
 */
@NullMarked
package dev.attache.filters.access_loggers.file;

import org.jspecify.annotations.NullMarked;
