/** {@code tracing} of connection managers and routes; the tracers are extensions. */
@NullMarked
package dev.attache.config.tracing;

import org.jspecify.annotations.NullMarked;
