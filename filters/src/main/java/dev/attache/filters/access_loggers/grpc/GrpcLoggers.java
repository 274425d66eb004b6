package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.access_loggers.WorkerLoggers;
import dev.attache.proxy.accesslog.AccessLogScope;

/** The loggers of one configuration and one kind of entries. */
final class GrpcLoggers extends WorkerLoggers<GrpcLogger> {

    private final GrpcLogSettings settings;
    private final int field;

    /**
     * @param field of {@code StreamAccessLogsMessage}
     */
    GrpcLoggers(GrpcLogSettings settings, int field) {
        this.settings = settings;
        this.field = field;
    }

    @Override
    protected GrpcLogger open(AccessLogScope scope) {
        return new GrpcLogger(scope, settings, field);
    }

    @Override
    protected void close(GrpcLogger logger) {
        logger.close();
    }
}
