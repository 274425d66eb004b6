package dev.attache.filters.health_check.event_sinks.file;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.LineLogs;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.accesslog.LineLog;
import io.envoyproxy.envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink;

/** Events of health checks into a file. */
public final class FileEventSinkFactory
        implements ExtensionFactory<HealthCheckEventFileSink, LineLog> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(
                ExtensionCategory.HEALTH_CHECK_EVENT_SINK,
                HealthCheckEventFileSink.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.health_check.event_sinks.file";
    }

    @Override
    public Class<HealthCheckEventFileSink> protoType() {
        return HealthCheckEventFileSink.class;
    }

    @Override
    public HealthCheckEventFileSink prototype() {
        return HealthCheckEventFileSink.getDefaultInstance();
    }

    @Override
    public Compiled<LineLog> compile(HealthCheckEventFileSink proto, CompileContext context) {
        return context.result(LineLogs.open(proto.getEventLogPath(), context.at("event_log_path")));
    }
}
