package dev.attache.agent.names;

import java.util.List;

/** Fields of an object that is being written; those that are empty are left out. */
final class JsonText {

    private JsonText() {}

    static void field(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            key(out, name);
            quote(out, value);
        }
    }

    static void list(StringBuilder out, String name, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        key(out, name);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",");
            quote(out, values.get(i));
        }
        out.append(']');
    }

    private static void key(StringBuilder out, String name) {
        out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
        quote(out, name).append(':');
    }

    static StringBuilder quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }
}
