/**
 * HTTP/2 (RFC 9113), both sides. Netty's frame reader and HPACK are used as parts, by composition
 * but for the two places where they must be told into what to decode and from what to encode;
 * streams, flow control in both directions, fair sending, limits against floods, message rules and
 * graceful shutdown are here.
 *
 * <p>Upgrades are HTTP/1-shaped inside: an extended CONNECT (RFC 8441) is translated at this edge.
 *
 * <p>Frames are written by our own writer into the connection's open buffer, without a promise and
 * a buffer per frame.
 */
@NullMarked
package dev.attache.proxy.http.h2;

import org.jspecify.annotations.NullMarked;
