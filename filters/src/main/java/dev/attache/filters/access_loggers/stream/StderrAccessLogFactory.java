package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.accesslog.AccessLogSpec;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;

/** Access log on stderr. */
public final class StderrAccessLogFactory
        implements ExtensionCompiler<StderrAccessLog, AccessLogSpec> {
    @Override
    public StderrAccessLog prototype() {
        return StderrAccessLog.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(StderrAccessLog proto, CompileContext context) {
        return StandardStreamLogFactory.STDERR.compile(
                proto.hasLogFormat(), proto.getLogFormat(), context);
    }
}
