package dev.attache.filters.access_loggers.stream;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.accesslog.LogLineFormat;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import java.io.IOException;

/** Makes access logs that write to the process's own output. */
enum StandardStreamLogFactory {
    STDOUT("/dev/stdout"),
    STDERR("/dev/stderr");

    private final String path;

    StandardStreamLogFactory(String path) {
        this.path = path;
    }

    /**
     * Opens this stream as an access log.
     *
     * @param present whether {@code log_format} is set; without it, lines have Envoy's format
     */
    Compiled<AccessLogSpec> compile(
            boolean present, SubstitutionFormatString logFormat, CompileContext context) {
        LogLineFormat format =
                present
                        ? SubstitutionFormats.line(logFormat, context.at("log_format"))
                        : new LogLineFormat.Text(
                                Formatter.parse(LogLineFormat.DEFAULT_TEXT), false);
        if (format == null) {
            return context.result(null);
        }
        try {
            return context.result(context.settings().logFiles().open(path, format));
        } catch (IOException e) {
            context.error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }
}
