/**
 * Fault injection, {@code envoy.extensions.filters.http.fault.v3.HTTPFault}, in the chain and per
 * route (Envoy's page: "Fault Injection"): delays, aborts and a response rate limit, fixed or by
 * request headers. Status: complete; runtime keys are read when the configuration is.
 */
@NullMarked
package dev.attache.filters.http.fault;

import org.jspecify.annotations.NullMarked;
