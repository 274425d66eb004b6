/**
 * What matcher trees look at in connections: addresses, names, protocols, certificates and filter
 * state ({@code envoy.extensions.matching.common_inputs.network.v3} and {@code ssl.v3}). Of a
 * request, the client is the trusted one. Complete.
 */
@NullMarked
package dev.attache.filters.matching.network_inputs;

import org.jspecify.annotations.NullMarked;
