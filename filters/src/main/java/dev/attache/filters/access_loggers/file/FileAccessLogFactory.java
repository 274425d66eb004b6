package dev.attache.filters.access_loggers.file;

import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.accesslog.LogLineFormat;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.stream.format.JsonFormat;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** File access log. */
public final class FileAccessLogFactory implements ExtensionCompiler<FileAccessLog, AccessLogSpec> {
    @Override
    public FileAccessLog prototype() {
        return FileAccessLog.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(FileAccessLog proto, CompileContext context) {
        LogLineFormat format = format(proto, context);
        if (format == null) {
            return context.result(null);
        }
        try {
            return context.result(context.settings().logFiles().open(proto.getPath(), format));
        } catch (IOException e) {
            context.at("path").error(String.valueOf(e.getMessage()));
            return context.result(null);
        }
    }

    @SuppressWarnings("deprecation") // the three old forms are still in use
    private static @Nullable LogLineFormat format(FileAccessLog proto, CompileContext context) {
        return switch (proto.getAccessLogFormatCase()) {
            case FORMAT ->
                    proto.getFormat().isEmpty()
                            ? text(LogLineFormat.DEFAULT_TEXT, context)
                            : text(proto.getFormat(), context.at("format"));
            case JSON_FORMAT -> json(proto.getJsonFormat(), context.at("json_format"));
            case TYPED_JSON_FORMAT ->
                    json(proto.getTypedJsonFormat(), context.at("typed_json_format"));
            case LOG_FORMAT ->
                    SubstitutionFormats.line(proto.getLogFormat(), context.at("log_format"));
            case ACCESSLOGFORMAT_NOT_SET -> text(LogLineFormat.DEFAULT_TEXT, context);
        };
    }

    private static @Nullable LogLineFormat text(String format, CompileContext context) {
        Formatter formatter = SubstitutionFormats.parse(format, context);
        return formatter == null ? null : new LogLineFormat.Text(formatter, false);
    }

    private static @Nullable LogLineFormat json(Struct template, CompileContext context) {
        JsonFormat format = SubstitutionFormats.json(template, false, List.of(), context);
        return format == null ? null : new LogLineFormat.Json(format);
    }
}
