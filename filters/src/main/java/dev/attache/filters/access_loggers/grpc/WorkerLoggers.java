package dev.attache.filters.access_loggers.grpc;

import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.worker.WorkerContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/**
 * The loggers of one configuration, one for each worker, as all logs with that configuration share
 * them. Closed with the last of those. Any thread.
 */
final class WorkerLoggers implements AutoCloseable {

    private final GrpcLogSettings settings;
    private final int field;
    private final Map<WorkerContext, GrpcLogger> loggers = new HashMap<>();

    WorkerLoggers(GrpcLogSettings settings, int field) {
        this.settings = settings;
        this.field = field;
    }

    /** The logger of a worker, on whose loop this is called. */
    synchronized GrpcLogger of(AccessLogScope scope) {
        return loggers.computeIfAbsent(
                scope.worker(), worker -> new GrpcLogger(scope, settings, field));
    }

    @Override
    public synchronized void close() {
        loggers.forEach((worker, logger) -> {
            try {
                worker.eventLoop().execute(logger::close);
            } catch (RejectedExecutionException ended) {
                // The worker has ended, and its streams with it.
                worker.index();
            }
        });
        loggers.clear();
    }
}
