/** What extensions share that know of gRPC: methods, statistics. */
@NullMarked
package dev.attache.filters.grpc;

import org.jspecify.annotations.NullMarked;
