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
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.io.IOException;

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
        LogLineFormat format =
                proto.hasLogFormat()
                        ? SubstitutionFormats.line(proto.getLogFormat(), context.at("log_format"))
                        : new LogLineFormat.Text(
                                Formatter.parse(LogLineFormat.DEFAULT_TEXT), false);
        if (format == null) {
            return context.result(null);
        }
        try {
            return context.result(context.settings().logFiles().open("/dev/stdout", format));
        } catch (IOException e) {
            context.error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }
}
