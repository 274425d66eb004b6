/** Connecting to a host: addresses in their order, socket options, the handshake, and giving up. */
@NullMarked
package dev.attache.proxy.upstream.dial;

import org.jspecify.annotations.NullMarked;
