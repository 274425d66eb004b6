package dev.attache.config.accesslog;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.attache.config.core.DataSources;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.accesslog.LogLineFormat;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.BodyFormat;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.stream.format.JsonFormat;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code core.v3.SubstitutionFormatString}; a null answer means that the error has been reported.
 */
public final class SubstitutionFormats {
    private static final String EXPRESSIONS =
            "type.googleapis.com/envoy.extensions.formatter.cel.v3.Cel";

    private SubstitutionFormats() {}

    /** One line of an access log. */
    public static @Nullable LogLineFormat line(
            SubstitutionFormatString format, CompileContext context) {
        boolean omit = format.getOmitEmptyValues();
        if (format.hasJsonFormat()) {
            JsonFormat json = json(format, context);
            return json == null ? null : new LogLineFormat.Json(json);
        }
        Formatter text = text(format, context);
        return text == null ? null : new LogLineFormat.Text(text, omit);
    }

    /** The JSON form; only to be asked for where it is set. */
    public static @Nullable JsonFormat json(
            SubstitutionFormatString format, CompileContext context) {
        return json(
                format.getJsonFormat(),
                format.getOmitEmptyValues(),
                commands(format.getFormattersList(), context),
                context.at("json_format"));
    }

    /** A JSON form whose strings may use commands of extensions. */
    public static @Nullable JsonFormat json(
            Struct template,
            boolean omitEmpty,
            List<CommandFactory> commands,
            CompileContext context) {
        MetadataValue.Struct values = MetadataValues.compile(template);
        try {
            return JsonFormat.of(
                    values, omitEmpty, withExpressions(values.toString(), commands, context));
        } catch (IllegalArgumentException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The text form, inline or from a data source. */
    @SuppressWarnings("deprecation") // text_format is what most configurations use
    public static @Nullable Formatter text(
            SubstitutionFormatString format, CompileContext context) {
        List<CommandFactory> commands = commands(format.getFormattersList(), context);
        return switch (format.getFormatCase()) {
            case TEXT_FORMAT -> parse(format.getTextFormat(), commands, context.at("text_format"));
            case TEXT_FORMAT_SOURCE -> {
                CompileContext at = context.at("text_format_source");
                String text = DataSources.text(format.getTextFormatSource(), at);
                yield text == null ? null : parse(text, commands, at);
            }
            case JSON_FORMAT, FORMAT_NOT_SET -> {
                context.error("a text format must be set");
                yield null;
            }
        };
    }

    /** The body of an answer of our own, with the type of its content. */
    public static BodyFormat body(SubstitutionFormatString format, CompileContext context) {
        String contentType = format.getContentType();
        if (format.hasJsonFormat()) {
            return new BodyFormat(
                    null,
                    false,
                    json(format, context),
                    contentType.isEmpty() ? "application/json" : contentType);
        }
        return new BodyFormat(
                text(format, context), format.getOmitEmptyValues(), null, contentType);
    }

    /** A format string without extensions. */
    public static @Nullable Formatter parse(String format, CompileContext context) {
        return parse(format, List.of(), context);
    }

    /** A format string that may use commands of extensions. */
    public static @Nullable Formatter parse(
            String format, List<CommandFactory> commands, CompileContext context) {
        try {
            return Formatter.parse(format, withExpressions(format, commands, context));
        } catch (IllegalArgumentException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** {@code %CEL%} needs no extension to be named, which would only set its options. */
    private static List<CommandFactory> withExpressions(
            String format, List<CommandFactory> commands, CompileContext context) {
        if (!format.contains("CEL(")) {
            return commands;
        }
        CommandFactory expressions =
                context.extension(
                        ExtensionCategory.FORMATTER,
                        CommandFactory.class,
                        "envoy.formatter.cel",
                        Any.newBuilder().setTypeUrl(EXPRESSIONS).build());
        if (expressions == null) {
            return commands;
        }
        List<CommandFactory> all = new ArrayList<>(commands);
        all.add(expressions);
        return all;
    }

    /** Formatter extensions. */
    public static List<CommandFactory> commands(
            List<TypedExtensionConfig> formatters, CompileContext context) {
        List<CommandFactory> commands = new ArrayList<>();
        for (int i = 0; i < formatters.size(); i++) {
            TypedExtensionConfig config = formatters.get(i);
            CommandFactory factory =
                    context.at("formatters", i)
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.FORMATTER,
                                    CommandFactory.class,
                                    config.getName(),
                                    config.getTypedConfig());
            if (factory != null) {
                commands.add(factory);
            }
        }
        return commands;
    }
}
