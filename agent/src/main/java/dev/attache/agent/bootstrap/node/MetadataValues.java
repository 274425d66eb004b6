package dev.attache.agent.bootstrap.node;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes the values of typed metadata. */
final class MetadataValues {

    private MetadataValues() {}

    /**
     * What was given, as its key wants it: text, a number, a truth value, a list or a map.
     *
     * @throws IllegalArgumentException naming the key and what to set in its place
     */
    static Object read(MetadataKey key, Object given) {
        return switch (key.kind()) {
            case TEXT -> text(key, given);
            case TEXTS -> texts(text(key, given));
            case TRUTH -> truth(key, given);
            case WHOLE -> whole(key, given);
            case MAP -> map(key, given);
            case LIST -> list(key, given);
            case PORTS -> ports(key, given);
            case MESSAGE -> {
                if (!(given instanceof Map)) {
                    throw wrong(key, "an object", given, "set the variable PROXY_CONFIG instead");
                }
                yield given;
            }
        };
    }

    /** Whether the value is written at all: what is empty, false or 0 is not. */
    static boolean written(Object value) {
        return switch (value) {
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Boolean truth -> truth;
            case Long number -> number != 0;
            default -> true;
        };
    }

    /** As it is written in JSON. */
    static Object print(MetadataKey key, Object value) {
        return switch (key.kind()) {
            case TEXTS ->
                    String.join(",", ((List<?>) value).stream().map(String::valueOf).toList());
            case TRUTH -> value.toString();
            case PORTS -> Json.print(value);
            case MAP, MESSAGE -> sorted((Map<?, ?>) value);
            default -> value;
        };
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((name, item) -> sorted.put(String.valueOf(name), item));
        return sorted;
    }

    private static String text(MetadataKey key, Object given) {
        if (given instanceof String text) {
            return text;
        }
        if (given == Json.NULL) {
            return "";
        }
        throw wrong(key, "text", given, "put it in quotes in the ISTIO_METAJSON_ variable");
    }

    private static Object texts(String text) {
        return text.isEmpty() ? List.of() : List.of((Object[]) text.split(",", -1));
    }

    private static boolean truth(MetadataKey key, Object given) {
        if (given instanceof String text) {
            switch (text) {
                case "1", "t", "T", "true", "TRUE", "True" -> {
                    return true;
                }
                case "0", "f", "F", "false", "FALSE", "False" -> {
                    return false;
                }
                default -> {
                    // said below
                }
            }
        }
        throw wrong(key, "the text true or false", given, "set one of them");
    }

    private static Object whole(MetadataKey key, Object given) {
        if (given instanceof Long number) {
            return number;
        }
        throw wrong(
                key,
                "a whole number",
                given,
                "set the variable " + key.name() + ", without ISTIO_META_, instead");
    }

    private static Map<String, Object> map(MetadataKey key, Object given) {
        if (!(given instanceof Map<?, ?> map)) {
            throw wrong(key, "an object", given, "set it by an ISTIO_METAJSON_ variable");
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (!(value instanceof String)) {
                throw wrong(key, "text by name", given, "put all values in quotes");
            }
            texts.put(String.valueOf(name), value);
        });
        return texts;
    }

    private static List<Object> list(MetadataKey key, Object given) {
        if (!(given instanceof List<?> list)) {
            throw wrong(key, "a list", given, "set it by an ISTIO_METAJSON_ variable");
        }
        return new ArrayList<>(list);
    }

    private static List<Object> ports(MetadataKey key, Object given) {
        String remedy = "write [{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"}]";
        if (!(given instanceof String text)) {
            throw wrong(key, "JSON within text", given, remedy);
        }
        Object tree;
        try {
            tree = Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    wrong(key, "JSON within text", given, remedy).getMessage(), e);
        }
        if (!(tree instanceof List<?> list)) {
            throw wrong(key, "a list of ports", given, remedy);
        }
        List<Object> ports = new ArrayList<>();
        for (Object item : list) {
            ports.add(port(key, item, remedy));
        }
        return ports;
    }

    private static Map<String, Object> port(MetadataKey key, Object item, String remedy) {
        if (!(item instanceof Map<?, ?> port)) {
            throw wrong(key, "a list of ports", item, remedy);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        if (port.get("name") instanceof String name && !name.isEmpty()) {
            result.put("name", name);
        }
        Object number = port.containsKey("containerPort") ? port.get("containerPort") : 0L;
        if (!(number instanceof Long)) {
            throw wrong(key, "a list of ports with numbers", item, remedy);
        }
        result.put("containerPort", number);
        result.put("protocol", port.get("protocol") instanceof String protocol ? protocol : "");
        return result;
    }

    private static IllegalArgumentException wrong(
            MetadataKey key, String wanted, Object given, String remedy) {
        return new IllegalArgumentException(
                "node metadata "
                        + key.name()
                        + " is "
                        + Json.print(given)
                        + ", not "
                        + wanted
                        + "; "
                        + remedy);
    }
}
