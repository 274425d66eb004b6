package dev.attache.config.load.tree;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Nodes of a Struct that stands for some other message's JSON, as a TypedStruct has it. */
public final class StructNodes {
    private final int line;
    private final int column;

    /** All nodes get the place that is known: that of the whole. */
    public StructNodes(int line, int column) {
        this.line = line;
        this.column = column;
    }

    public ConfigNode.Mapping of(Struct struct) {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Value> entry : struct.getFieldsMap().entrySet()) {
            ConfigNode value = of(entry.getValue());
            entries.add(new ConfigNode.Entry(entry.getKey(), line, column, value));
        }
        return new ConfigNode.Mapping(entries, line, column);
    }

    private ConfigNode of(Value value) {
        return switch (value.getKindCase()) {
            case BOOL_VALUE -> new ConfigNode.Bool(value.getBoolValue(), line, column);
            case NUMBER_VALUE ->
                    new ConfigNode.Number(number(value.getNumberValue()), line, column);
            case STRING_VALUE -> new ConfigNode.Text(value.getStringValue(), line, column);
            case STRUCT_VALUE -> of(value.getStructValue());
            case LIST_VALUE -> {
                List<ConfigNode> items = new ArrayList<>();
                for (Value item : value.getListValue().getValuesList()) {
                    items.add(of(item));
                }
                yield new ConfigNode.Sequence(items, line, column);
            }
            case NULL_VALUE, KIND_NOT_SET -> new ConfigNode.Null(line, column);
        };
    }

    private static String number(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(number).toString()
                : Double.toString(number);
    }
}
