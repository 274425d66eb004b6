/**
 * What gRPC adds to HTTP: frames, the status that ends a call, the timeout that begins it, the
 * content type that tells it. Bytes; messages are their users' business.
 */
@NullMarked
package dev.attache.proxy.http.grpc;

import org.jspecify.annotations.NullMarked;
