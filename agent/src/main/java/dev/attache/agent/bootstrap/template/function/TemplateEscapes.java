package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.GoQuotes;
import java.nio.charset.StandardCharsets;

/** Text within scripts, pages and addresses. */
final class TemplateEscapes {

    private TemplateEscapes() {}

    /** {@code js}: what may stand in a string of JavaScript, and, of plain text, of JSON. */
    static String script(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\\' -> out.append("\\\\");
                        case '\'' -> out.append("\\'");
                        case '"' -> out.append("\\\"");
                        case '<', '>', '&', '=' -> out.append(String.format("\\u%04X", c));
                        default -> {
                            boolean shown = c < 0x80 ? c >= ' ' : GoQuotes.isPrintable(c);
                            if (shown) {
                                out.appendCodePoint(c);
                            } else {
                                out.append(String.format("\\u%04X", c));
                            }
                        }
                    }
                });
        return out.toString();
    }

    /** {@code html}. */
    static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;")
                .replace('\0', '\ufffd');
    }

    /** {@code urlquery}. */
    static String query(String text) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0);
            out.append(
                    plain ? String.valueOf(c) : c == ' ' ? "+" : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}
