/**
 * Streams to a control plane: the transport seam, its gRPC implementation over TCP, TLS and Unix
 * sockets, and the stream that reopens itself with back-off and keeps the request rate limit.
 */
@NullMarked
package dev.attache.xds.stream;

import org.jspecify.annotations.NullMarked;
