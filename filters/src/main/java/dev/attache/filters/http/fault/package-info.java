/**
 * Fault injection, {@code envoy.extensions.filters.http.fault.v3.HTTPFault} (Envoy's page: "Fault
 * Injection"). Status: a filter that is configured with nothing to inject, as istiod puts into
 * every chain, is accepted and does nothing, which is what it does in Envoy. Delays, aborts and
 * rate limits are refused with their field.
 */
@NullMarked
package dev.attache.filters.http.fault;

import org.jspecify.annotations.NullMarked;
