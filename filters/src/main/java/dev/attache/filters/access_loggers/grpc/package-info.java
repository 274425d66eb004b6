/**
 * {@code envoy.access_loggers.http_grpc} and {@code envoy.access_loggers.tcp_grpc}: entries as
 * messages, in batches, on a stream to a service that each worker keeps open.
 *
 * <p>Type URLs {@code envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig} and {@code
 * TcpGrpcAccessLogConfig}. {@code GrpcLogger} gathers and sends, {@code CommonProperties}, {@code
 * HttpEntry} and {@code TcpEntry} write. Facts: {@code
 * source/extensions/access_loggers/common/grpc_access_logger.h}, {@code
 * source/extensions/access_loggers/grpc/}.
 */
@NullMarked
package dev.attache.filters.access_loggers.grpc;

import org.jspecify.annotations.NullMarked;
