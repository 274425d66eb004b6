package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.Formatter;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies and attributes, compiled. */
final class OtlpTemplateFactory {

    private final List<CommandFactory> commands;
    private final CompileContext context;

    /**
     * @param commands of {@code formatters}
     * @param context for errors
     */
    OtlpTemplateFactory(List<CommandFactory> commands, CompileContext context) {
        this.commands = commands;
        this.context = context;
    }

    /** The template, or null with the error reported. */
    @Nullable OtlpTemplate compile(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> text(value.getStringValue());
            case KVLIST_VALUE -> pairs(value.getKvlistValue());
            case ARRAY_VALUE -> sequence(value.getArrayValue());
            case BOOL_VALUE,
                    INT_VALUE,
                    DOUBLE_VALUE,
                    BYTES_VALUE,
                    STRING_VALUE_STRINDEX,
                    VALUE_NOT_SET -> {
                context.error(
                        "Only string values, nested key value lists and array values are supported"
                                + " in OpenTelemetry access log format.");
                yield null;
            }
        };
    }

    private @Nullable OtlpTemplate text(String format) {
        Formatter formatter = SubstitutionFormats.parse(format, commands, context);
        return formatter == null ? null : new OtlpTemplate.Text(formatter);
    }

    OtlpTemplate.Pairs pairs(KeyValueList list) {
        List<OtlpTemplate.Pair> pairs = new ArrayList<>(list.getValuesCount());
        for (KeyValue pair : list.getValuesList()) {
            OtlpTemplate value = compile(pair.getValue());
            if (value != null) {
                pairs.add(new OtlpTemplate.Pair(pair.getKey(), value));
            }
        }
        return new OtlpTemplate.Pairs(List.copyOf(pairs));
    }

    private OtlpTemplate sequence(ArrayValue list) {
        List<OtlpTemplate> values = new ArrayList<>(list.getValuesCount());
        for (AnyValue each : list.getValuesList()) {
            OtlpTemplate value = compile(each);
            if (value != null) {
                values.add(value);
            }
        }
        return new OtlpTemplate.Sequence(List.copyOf(values));
    }
}
