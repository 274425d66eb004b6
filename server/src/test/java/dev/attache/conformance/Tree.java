package dev.attache.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Loosely typed YAML trees (maps, lists, scalars): reading, deep merging, replacing placeholders
 * and writing as JSON. A case file stays such a tree until the moment it is used.
 */
public final class Tree {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-zA-Z0-9_.-]+)}");

    private static final Set<String> TEXT_PARTS = Set.of("text", "repeat", "count", "end");

    private Tree() {}

    /** Parses one YAML document. */
    public static @Nullable Object parse(String yaml) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setAllowDuplicateKeys(false)
                        .setMaxAliasesForCollections(200)
                        .build();
        return new Load(settings).loadFromString(yaml);
    }

    /** Parses a file of YAML documents; those without content are left out. */
    public static List<Object> documents(String yaml) {
        LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        List<Object> documents = new ArrayList<>();
        new Load(settings)
                .loadAllFromString(yaml)
                .forEach(document -> {
                    if (document != null) {
                        documents.add(document);
                    }
                });
        return documents;
    }

    /** The value as a map; an absent value is an empty map. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(@Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("expected a mapping, found: " + value);
    }

    /** The value as a list; an absent value is an empty list and a single value a list of one. */
    @SuppressWarnings("unchecked")
    public static List<Object> list(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? (List<Object>) list : List.of(value);
    }

    public static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(Tree::string).toList();
    }

    /** A text, or one that ends with many times the same. */
    private static String string(Object value) {
        if (!(value instanceof Map<?, ?>)) {
            return String.valueOf(value);
        }
        Map<String, Object> parts = map(value);
        if (!TEXT_PARTS.containsAll(parts.keySet())) {
            throw new IllegalArgumentException(
                    "expected a text, or a mapping of %s, found: %s".formatted(TEXT_PARTS, value));
        }
        String repeated = text(parts.get("repeat"), "").repeat(number(parts.get("count"), 0));
        return text(parts.get("text"), "") + repeated + text(parts.get("end"), "");
    }

    public static String text(@Nullable Object value, String fallback) {
        return value == null ? fallback : String.valueOf(value);
    }

    public static int number(@Nullable Object value, int fallback) {
        return value == null ? fallback : Integer.parseInt(String.valueOf(value).trim());
    }

    public static boolean flag(@Nullable Object value) {
        return Boolean.parseBoolean(text(value, "false"));
    }

    /**
     * Lays {@code over} on {@code under}: mappings merge key by key, everything else is replaced.
     */
    public static @Nullable Object merge(@Nullable Object under, @Nullable Object over) {
        if (over == null) {
            return under;
        }
        if (!(under instanceof Map<?, ?>) || !(over instanceof Map<?, ?>)) {
            return over;
        }
        Map<String, Object> merged = new LinkedHashMap<>(map(under));
        map(over).forEach((key, value) -> merged.put(key, merge(merged.get(key), value)));
        return merged;
    }

    /**
     * Replaces {@code ${name}} in every string of the tree. A string that is nothing but one
     * placeholder whose value is a whole number becomes that number.
     */
    public static @Nullable Object replace(@Nullable Object value, UnaryOperator<String> lookup) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach(
                    (k, v) -> out.put(replaceText(String.valueOf(k), lookup), replace(v, lookup)));
            return out;
        }
        if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>(list.size());
            list.forEach(v -> out.add(replace(v, lookup)));
            return out;
        }
        if (value instanceof String s && s.contains("${")) {
            String replaced = replaceText(s, lookup);
            boolean whole = PLACEHOLDER.matcher(s).matches() && replaced.matches("[0-9]{1,9}");
            return whole ? (Object) Integer.valueOf(replaced) : replaced;
        }
        return value;
    }

    /** Replaces {@code ${name}} in a text; unknown names are an error of the case. */
    public static String replaceText(String text, UnaryOperator<String> lookup) {
        Matcher m = PLACEHOLDER.matcher(text);
        return m.replaceAll(r -> Matcher.quoteReplacement(lookup.apply(r.group(1))));
    }

    /** Writes the tree as JSON, with keys in the order they stand unless {@code sorted}. */
    public static String json(@Nullable Object value, boolean sorted) {
        StringBuilder out = new StringBuilder();
        write(out, value, sorted);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object value, boolean sorted) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> writeMap(out, map, sorted);
            case List<?> list -> {
                String separator = "[";
                for (Object v : list) {
                    out.append(separator);
                    write(out, v, sorted);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Number n -> out.append(n);
            case Boolean b -> out.append(b);
            default -> quote(out, String.valueOf(value));
        }
    }

    private static void writeMap(StringBuilder out, Map<?, ?> map, boolean sorted) {
        Map<?, ?> ordered = sorted ? new java.util.TreeMap<>(map) : map;
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> e : ordered.entrySet()) {
            out.append(separator);
            quote(out, String.valueOf(e.getKey()));
            out.append(':');
            write(out, e.getValue(), sorted);
            separator = ",";
        }
        out.append('}');
    }

    private static void quote(StringBuilder out, String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c >= 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
