package dev.attache.server.log;

import java.util.Map;

/** JSON log formats: one object per line, whose values are line formats. */
final class Json {

    private Json() {}

    /**
     * A line format that prints an object; the values are spdlog patterns, {@code %j} the message.
     */
    static String pattern(Map<String, String> properties) {
        StringBuilder pattern = new StringBuilder("{");
        properties.forEach((name, value) -> {
            if (pattern.length() > 1) {
                pattern.append(',');
            }
            pattern.append('"');
            escape(pattern, name);
            pattern.append("\":\"").append(value).append('"');
        });
        return pattern.append('}').toString();
    }

    static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00");
                        out.append(Character.forDigit(c >> 4, 16));
                        out.append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
