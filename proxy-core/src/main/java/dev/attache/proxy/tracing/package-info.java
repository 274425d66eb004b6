/**
 * Traces: what is sampled, what a span says of a request, and the seam behind which tracers stand
 * ({@link dev.attache.proxy.tracing.Tracer} makes {@link dev.attache.proxy.tracing.Span}s). Without
 * a tracer in the configuration nothing here is touched by a request.
 */
@NullMarked
package dev.attache.proxy.tracing;

import org.jspecify.annotations.NullMarked;
