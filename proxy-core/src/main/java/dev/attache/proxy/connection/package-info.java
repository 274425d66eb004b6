/**
 * One transport connection, either side: bytes in, bytes out, back-pressure, half-close, orderly
 * and abortive close, and what is known about it. Codecs and network filters stand on it; it stands
 * on one Netty channel (with an SSL handler in front where the transport socket says so).
 */
@NullMarked
package dev.attache.proxy.connection;

import org.jspecify.annotations.NullMarked;
