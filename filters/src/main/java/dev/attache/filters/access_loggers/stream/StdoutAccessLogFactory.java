package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.accesslog.AccessLogSpec;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;

/** Access log on stdout. */
public final class StdoutAccessLogFactory
        implements ExtensionCompiler<StdoutAccessLog, AccessLogSpec> {
    @Override
    public StdoutAccessLog prototype() {
        return StdoutAccessLog.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(StdoutAccessLog proto, CompileContext context) {
        return StandardStreamLogFactory.STDOUT.compile(
                proto.hasLogFormat(), proto.getLogFormat(), context);
    }
}
