package dev.attache.filters.health_check.event_sinks.file;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.LineLogs;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.log.LineLog;
import io.envoyproxy.envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink;

/** Events of health checks into a file. */
public final class FileEventSinkFactory
        implements ExtensionCompiler<HealthCheckEventFileSink, LineLog> {
    @Override
    public HealthCheckEventFileSink prototype() {
        return HealthCheckEventFileSink.getDefaultInstance();
    }

    @Override
    public Compiled<LineLog> compile(HealthCheckEventFileSink proto, CompileContext context) {
        return context.result(LineLogs.open(proto.getEventLogPath(), context.at("event_log_path")));
    }
}
