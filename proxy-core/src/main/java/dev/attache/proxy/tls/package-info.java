/**
 * TLS on both sides: contexts from specs and secrets, SNI and ALPN, client certificates, session
 * resumption, and what a finished handshake tells about the peer.
 */
@NullMarked
package dev.attache.proxy.tls;

import org.jspecify.annotations.NullMarked;
