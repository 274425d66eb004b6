package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.LogLineFormat;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import java.io.IOException;

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
        LogLineFormat format =
                proto.hasLogFormat()
                        ? SubstitutionFormats.line(proto.getLogFormat(), context.at("log_format"))
                        : new LogLineFormat.Text(
                                Formatter.parse(LogLineFormat.DEFAULT_TEXT), false);
        if (format == null) {
            return context.result(null);
        }
        try {
            return context.result(context.settings().logFiles().open("/dev/stderr", format));
        } catch (IOException e) {
            context.error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }
}
