package dev.attache.agent.document;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * YAML as Kubernetes' tools read it ({@code sigs.k8s.io/yaml}, of which JSON is a part): {@code
 * yes}, {@code no}, {@code on}, {@code off} are truth values, {@code <<} merges, of a repeated key
 * the last value wins. Gives the trees of {@link Json}.
 */
public final class Yaml {

    private static final int MAX_NODES = 200_000;
    private static final int MAX_DEPTH = 100;
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private int nodes;

    private Yaml() {}

    /**
     * Reads the first document; {@link Json#NULL} where there is none.
     *
     * @param name what it is called in errors
     * @throws IllegalArgumentException naming line and column of what cannot be read
     */
    public static Object parse(String name, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        try {
            Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
            return documents.hasNext() ? new Yaml().value(documents.next(), 0) : Json.NULL;
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("no YAML: " + e.getMessage(), e);
        }
    }

    private Object value(Node node, int depth) {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("no YAML: nested too deep, or too large");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, depth);
            case SequenceNode sequence -> {
                List<Object> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(value(item, depth + 1));
                }
                yield items;
            }
            case ScalarNode scalar ->
                    scalar.getScalarStyle() == ScalarStyle.PLAIN && !isMarkedText(scalar)
                            ? plain(scalar.getValue())
                            : scalar.getValue();
            default -> throw new IllegalArgumentException("no YAML: " + node.getNodeType());
        };
    }

    /** {@code !!str 1} is text. */
    private static boolean isMarkedText(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.STR)
                && scalar.getStartMark()
                        .map(mark ->
                                mark.getBuffer().length > mark.getPointer()
                                        && mark.getBuffer()[mark.getPointer()] == '!')
                        .orElse(false);
    }

    private Map<String, Object> mapping(MappingNode mapping, int depth) {
        Map<String, Object> merged = new LinkedHashMap<>();
        Map<String, Object> fields = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Object value = value(entry.getValueNode(), depth + 1);
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new IllegalArgumentException(
                        "no YAML: a key is no text" + at(entry.getKeyNode()));
            }
            if (key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN) {
                merge(merged, value);
            } else {
                fields.put(key.getValue(), value);
            }
        }
        merged.putAll(fields);
        return merged;
    }

    private static void merge(Map<String, Object> into, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(item -> merge(into, item));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> into.putIfAbsent(String.valueOf(name), field));
        } else {
            throw new IllegalArgumentException("no YAML: << wants a map, or a list of maps");
        }
    }

    private static String at(Node node) {
        return node.getStartMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("");
    }

    private static Object plain(String text) {
        if (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null")) {
            return Json.NULL;
        }
        if (TRUE.contains(text)) {
            return Boolean.TRUE;
        }
        if (FALSE.contains(text)) {
            return Boolean.FALSE;
        }
        Object number = INTEGER.matcher(text).matches() ? integer(text) : null;
        if (number == null && DECIMAL.matcher(text).matches()) {
            number = Double.valueOf(text);
        }
        return number == null ? text : number;
    }

    private static @Nullable Object integer(String text) {
        String digits = text.replace("_", "");
        boolean negative = digits.startsWith("-");
        digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix =
                    switch (digits.charAt(1)) {
                        case 'x' -> 16;
                        case 'b' -> 2;
                        default -> 8;
                    };
            digits = digits.substring(radix != 8 || digits.charAt(1) == 'o' ? 2 : 1);
        }
        try {
            BigInteger value = new BigInteger(digits, radix);
            return (negative ? value.negate() : value).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            return null; // no integer, or one of more than 64 bits: a decimal, or text
        }
    }
}
