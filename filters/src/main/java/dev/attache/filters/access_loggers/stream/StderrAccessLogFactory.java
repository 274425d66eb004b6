package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.accesslog.AccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;

/** Access log on stderr. */
public final class StderrAccessLogFactory implements ExtensionFactory<StderrAccessLog, AccessLog> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.ACCESS_LOGGER, StderrAccessLog.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.access_loggers.stderr";
    }

    @Override
    public Class<StderrAccessLog> protoType() {
        return StderrAccessLog.class;
    }

    @Override
    public StderrAccessLog prototype() {
        return StderrAccessLog.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLog> compile(StderrAccessLog proto, CompileContext context) {
        return StandardStreamLogFactory.STDERR.compile(
                proto.hasLogFormat(), proto.getLogFormat(), context);
    }
}
