package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.stream.format.FormatContext;

/**
 * One log of a listener or filter.
 *
 * @param loggers shared by all with the same settings, as in Envoy
 */
record OtlpAccessLogSpec(OtlpRecord form, SharedSlot<OtlpLoggers> loggers)
        implements AccessLogSpec {

    @Override
    public AccessLog open(AccessLogScope scope) {
        SharedSlot.Lease<OtlpLoggers> lease = loggers.lease();
        scope.whenDrained(lease::close);
        return new Opened(form, lease.value().of(scope));
    }

    private record Opened(OtlpRecord form, OtlpLogger logger) implements AccessLog {

        @Override
        public void log(FormatContext entry) {
            logger.log(form, entry);
        }

        @Override
        public void flush() {
            logger.flush();
        }
    }
}
