package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.accesslog.AccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;

/** Access log on stdout. */
public final class StdoutAccessLogFactory implements ExtensionFactory<StdoutAccessLog, AccessLog> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.ACCESS_LOGGER, StdoutAccessLog.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.access_loggers.stdout";
    }

    @Override
    public Class<StdoutAccessLog> protoType() {
        return StdoutAccessLog.class;
    }

    @Override
    public StdoutAccessLog prototype() {
        return StdoutAccessLog.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLog> compile(StdoutAccessLog proto, CompileContext context) {
        return StandardStreamLogFactory.STDOUT.compile(
                proto.hasLogFormat(), proto.getLogFormat(), context);
    }
}
