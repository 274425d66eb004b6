package dev.attache.proxy.stream.format;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON access-log template: a struct whose strings are format strings. A string that is one
 * command keeps its type; missing values are null, or left out with {@code omit_empty_values}. Keys
 * come out sorted. Immutable.
 */
public final class JsonFormat {

    private sealed interface Node {
        record Leaf(Formatter formatter) implements Node {}

        record Constant(MetadataValue value) implements Node {}

        record Struct(TreeMap<String, Node> fields) implements Node {}

        record Sequence(List<Node> items) implements Node {}
    }

    private final Node root;
    private final boolean omitEmpty;

    private JsonFormat(Node root, boolean omitEmpty) {
        this.root = root;
        this.omitEmpty = omitEmpty;
    }

    /**
     * @throws IllegalArgumentException as {@link Formatter#parse}
     */
    public static JsonFormat of(
            MetadataValue.Struct template, boolean omitEmpty, List<CommandFactory> extensions) {
        return new JsonFormat(compile(template, extensions), omitEmpty);
    }

    private static Node compile(MetadataValue value, List<CommandFactory> extensions) {
        return switch (value) {
            case MetadataValue.Text text ->
                    new Node.Leaf(Formatter.parse(text.value(), extensions));
            case MetadataValue.Struct struct -> {
                TreeMap<String, Node> fields = new TreeMap<>();
                struct.fields()
                        .forEach((key, field) -> fields.put(key, compile(field, extensions)));
                yield new Node.Struct(fields);
            }
            case MetadataValue.Sequence sequence -> {
                List<Node> items = new ArrayList<>();
                sequence.values().forEach(item -> items.add(compile(item, extensions)));
                yield new Node.Sequence(items);
            }
            case MetadataValue.Number number -> new Node.Constant(number);
            case MetadataValue.Bool bool -> new Node.Constant(bool);
            case MetadataValue.Null nothing -> new Node.Constant(nothing);
        };
    }

    /** One JSON object, without a line end. */
    public void appendTo(StringBuilder out, FormatContext context) {
        append(out, root, context);
    }

    private void append(StringBuilder out, Node node, FormatContext context) {
        switch (node) {
            case Node.Leaf leaf -> {
                MetadataValue value = leaf.formatter.value(context, omitEmpty);
                JsonText.append(out, value == null ? MetadataValue.Null.INSTANCE : value);
            }
            case Node.Constant constant -> JsonText.append(out, constant.value);
            case Node.Struct struct -> appendStruct(out, struct, context);
            case Node.Sequence sequence -> {
                out.append('[');
                String separator = "";
                for (Node item : sequence.items) {
                    out.append(separator);
                    append(out, item, context);
                    separator = ",";
                }
                out.append(']');
            }
        }
    }

    private void appendStruct(StringBuilder out, Node.Struct struct, FormatContext context) {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Node> field : struct.fields.entrySet()) {
            if (omitEmpty && isMissing(field.getValue(), context)) {
                continue;
            }
            out.append(separator);
            JsonText.quote(out, field.getKey());
            out.append(':');
            append(out, field.getValue(), context);
            separator = ",";
        }
        out.append('}');
    }

    private static boolean isMissing(Node node, FormatContext context) {
        if (!(node instanceof Node.Leaf leaf)) {
            return false;
        }
        @Nullable MetadataValue value = leaf.formatter.value(context, true);
        return value == null
                || value == MetadataValue.Null.INSTANCE
                || (value instanceof MetadataValue.Text text && text.value().isEmpty());
    }
}
