/**
 * Upstream connections of one worker: the pools that keep HTTP/1, HTTP/2 and TCP connections per
 * host, and the circuit breakers that bound them.
 *
 * <p>A connection is opened on the loop of the request that needs it and never leaves it; nothing
 * is shared between workers but the breakers' counts.
 */
@NullMarked
package dev.attache.proxy.upstream.pool;

import org.jspecify.annotations.NullMarked;
