package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.filters.access_loggers.WorkerLoggers;
import dev.attache.proxy.accesslog.AccessLogScope;

/** The loggers of one configuration. */
final class OtlpLoggers extends WorkerLoggers<OtlpLogger> {

    private final OtlpLogSettings settings;

    OtlpLoggers(OtlpLogSettings settings) {
        this.settings = settings;
    }

    @Override
    protected OtlpLogger open(AccessLogScope scope) {
        return new OtlpLogger(scope, settings);
    }

    @Override
    protected void close(OtlpLogger logger) {
        logger.close();
    }
}
