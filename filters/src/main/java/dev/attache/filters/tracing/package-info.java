/** What tracers have in common: one for each worker, however many listeners use it. */
@NullMarked
package dev.attache.filters.tracing;

import org.jspecify.annotations.NullMarked;
