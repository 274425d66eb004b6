package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON access-log template: a struct whose strings are format strings. A string that is one
 * command keeps its type; missing values are null. With {@code omit_empty_values} nulls are left
 * out of structs and lists, and structs that have become empty with them; empty strings and lists
 * stay. Keys come out sorted. Immutable.
 */
public final class JsonFormat {

    private sealed interface Node {
        record Leaf(Formatter formatter) implements Node {}

        record Constant(String json, boolean isNull) implements Node {}

        record Struct(List<Field> fields) implements Node {}

        record Sequence(List<Node> items) implements Node {}
    }

    /**
     * @param key quoted, with its colon
     */
    private record Field(String key, Node value) {}

    private final Node.Struct root;
    private final boolean omitEmpty;

    private JsonFormat(Node.Struct root, boolean omitEmpty) {
        this.root = root;
        this.omitEmpty = omitEmpty;
    }

    /**
     * @throws IllegalArgumentException as {@link Formatter#parse}
     */
    public static JsonFormat of(
            MetadataValue.Struct template, boolean omitEmpty, List<CommandFactory> extensions) {
        return new JsonFormat(struct(template, extensions), omitEmpty);
    }

    private static Node compile(MetadataValue value, List<CommandFactory> extensions) {
        return switch (value) {
            case MetadataValue.Text text ->
                    new Node.Leaf(Formatter.parse(text.value(), extensions));
            case MetadataValue.Struct struct -> struct(struct, extensions);
            case MetadataValue.Sequence sequence -> {
                List<Node> items = new ArrayList<>();
                sequence.values().forEach(item -> items.add(compile(item, extensions)));
                yield new Node.Sequence(items);
            }
            case MetadataValue.Number number -> new Node.Constant(JsonText.of(number), false);
            case MetadataValue.Bool bool -> new Node.Constant(JsonText.of(bool), false);
            case MetadataValue.Null nothing -> new Node.Constant("null", true);
        };
    }

    private static Node.Struct struct(
            MetadataValue.Struct template, List<CommandFactory> extensions) {
        Map<String, MetadataValue> sorted = new TreeMap<>();
        template.fields().forEach((key, value) -> sorted.put(Octets.of(key), value));
        List<Field> fields = new ArrayList<>();
        sorted.forEach((key, value) -> {
            StringBuilder quoted = new StringBuilder();
            JsonText.quoteOctets(quoted, key);
            fields.add(new Field(quoted.append(':').toString(), compile(value, extensions)));
        });
        return new Node.Struct(fields);
    }

    /** One JSON object in octets, without a line end. */
    public void appendTo(StringBuilder out, FormatContext context) {
        appendStruct(out, root, context);
    }

    /** False, with nothing appended, where the value is null or a struct without fields. */
    private boolean append(StringBuilder out, Node node, FormatContext context) {
        return switch (node) {
            case Node.Leaf leaf -> leaf.formatter.appendJson(out, context, omitEmpty ? "" : "-");
            case Node.Constant constant -> {
                if (!constant.isNull) {
                    out.append(constant.json);
                }
                yield !constant.isNull;
            }
            case Node.Struct struct -> {
                int before = out.length();
                boolean empty = !appendStruct(out, struct, context);
                if (empty && omitEmpty) {
                    out.setLength(before);
                }
                yield !(empty && omitEmpty);
            }
            case Node.Sequence sequence -> {
                appendSequence(out, sequence, context);
                yield true;
            }
        };
    }

    private void appendSequence(StringBuilder out, Node.Sequence sequence, FormatContext context) {
        out.append('[');
        boolean some = false;
        for (int i = 0; i < sequence.items.size(); i++) {
            some |= appendItem(out, some, "", sequence.items.get(i), context);
        }
        out.append(']');
    }

    private boolean appendStruct(StringBuilder out, Node.Struct struct, FormatContext context) {
        out.append('{');
        boolean some = false;
        for (int i = 0; i < struct.fields.size(); i++) {
            Field field = struct.fields.get(i);
            some |= appendItem(out, some, field.key, field.value, context);
        }
        out.append('}');
        return some;
    }

    private boolean appendItem(
            StringBuilder out, boolean separate, String key, Node value, FormatContext context) {
        int before = out.length();
        out.append(separate ? "," : "").append(key);
        if (append(out, value, context)) {
            return true;
        }
        if (omitEmpty) {
            out.setLength(before);
            return false;
        }
        out.append("null");
        return true;
    }
}
