/** Compiles {@code envoy.config.accesslog.v3} and {@code SubstitutionFormatString}. */
@NullMarked
package dev.attache.config.accesslog;

import org.jspecify.annotations.NullMarked;
