/**
 * The proxy judged from outside: every case starts the real Envoy and this proxy with the same
 * configuration, plays the same traffic against both and compares what the client, the upstreams,
 * the access log, the statistics and the admin interface saw.
 *
 * <p>A case is one YAML file under {@code conformance/cases}; the format is described in the {@code
 * README.md} beside them. Everything here works on blocking sockets and virtual threads and shares
 * no code with the proxy, so that a mistake in one is not repeated by the other.
 */
@NullMarked
package dev.attache.conformance;

import org.jspecify.annotations.NullMarked;
