package dev.attache.agent.mesh;

import java.util.Locale;

/**
 * A field of a message.
 *
 * @param name as its {@code .proto} file has it
 * @param shape whether it is one value, a list, or a map by text
 * @param type a scalar's, a well-known type's, {@code enum:NAME} or {@code message:NAME}
 * @param oneof the oneof that it is of, empty if it is of none
 * @param present whether its zero differs from its absence
 */
public record MessageField(String name, Shape shape, String type, String oneof, boolean present) {

    /** How many values a field has. */
    public enum Shape {
        ONE,
        LIST,
        MAP
    }

    static MessageField parse(String line) {
        String[] words = line.trim().split(" ");
        Shape shape =
                switch (words[1]) {
                    case "repeated" -> Shape.LIST;
                    case "map" -> Shape.MAP;
                    default -> Shape.ONE;
                };
        int next = shape == Shape.ONE ? 1 : 2;
        String type = words[next];
        String oneof = words.length > next + 2 ? words[next + 2] : "";
        boolean scalar = Character.isLowerCase(type.charAt(0)) && !type.startsWith("message:");
        boolean optional = words.length == next + 2;
        return new MessageField(
                words[0], shape, type, oneof, !scalar || optional || !oneof.isEmpty());
    }

    /** The name in JSON: {@code num_trusted_proxies} is {@code numTrustedProxies}. */
    public String jsonName() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_') {
                boolean first = i > 0 && name.charAt(i - 1) == '_';
                out.append(first ? Character.toUpperCase(c) : c);
            }
        }
        return out.toString();
    }

    /** The name of the field of Go's struct: {@code k8s_sa_jwt_path} is {@code K8SSaJwtPath}. */
    public String goName() {
        StringBuilder out = new StringBuilder();
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                out.append(upper ? String.valueOf(c).toUpperCase(Locale.ROOT) : c);
                upper = Character.isDigit(c);
            }
        }
        return out.toString();
    }

    /** Where the type is an enum or a message, its name. */
    public String typeName() {
        return type.substring(type.indexOf(':') + 1);
    }
}
