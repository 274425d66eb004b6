/**
 * gRPC over requests of our own: calls of one message and streams of many, in frames of octets,
 * with a status in every case. Facts: {@code
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md}.
 */
@NullMarked
package dev.attache.proxy.call.grpc;

import org.jspecify.annotations.NullMarked;
