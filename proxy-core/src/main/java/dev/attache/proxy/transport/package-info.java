/**
 * Transport sockets as seams: what stands between a socket and the first byte of application data,
 * on the accepting and on the dialling side. {@code raw_buffer} lives here, TLS in its own package;
 * a new one (ALTS, PROXY protocol upstream, tap) is a room that implements the two spec interfaces.
 *
 * <p>Life: a spec is immutable and shared; the config plane opens one {@link
 * dev.attache.proxy.transport.ServerTransport} or {@link
 * dev.attache.proxy.transport.ClientTransport} per filter chain or cluster and process, which all
 * workers use and which owns native memory until it is closed.
 */
@NullMarked
package dev.attache.proxy.transport;

import org.jspecify.annotations.NullMarked;
