package dev.attache.agent.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files of Kubernetes' downward API: a line {@code key="value"} for each label or annotation. */
public final class DownwardApi {

    private DownwardApi() {}

    /**
     * Reads a file.
     *
     * @throws IOException if there is none, or it cannot be read
     * @throws IllegalArgumentException if a value is not quoted as Go quotes text
     */
    public static Map<String, String> read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    /** Lines without {@code =} say nothing. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int sign = line.indexOf('=');
            if (sign >= 0) {
                values.put(line.substring(0, sign), unquote(line.substring(sign + 1)));
            }
        }
        return values;
    }

    private static String unquote(String quoted) {
        int end = quoted.length() - 1;
        if (end < 1 || quoted.charAt(0) != '"' || quoted.charAt(end) != '"') {
            throw new IllegalArgumentException("not in quotes: " + quoted);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < end; i++) {
            char c = quoted.charAt(i);
            if (c == '"') {
                throw new IllegalArgumentException("a quote within quotes: " + quoted);
            }
            i = c == '\\' ? escaped(quoted, i + 1, end, out) : plain(c, i, out);
        }
        return out.toString();
    }

    private static int plain(char c, int at, StringBuilder out) {
        out.append(c);
        return at;
    }

    /** Go's escapes ({@code strconv.Unquote}); gives the place of the last character. */
    private static int escaped(String quoted, int at, int end, StringBuilder out) {
        char c = at < end ? quoted.charAt(at) : ' ';
        int simple = "abfnrtv\\\"".indexOf(c);
        if (simple >= 0) {
            return plain("\u0007\b\f\n\r\t\u000b\\\"".charAt(simple), at, out);
        }
        int digits =
                switch (c) {
                    case 'x' -> 2;
                    case 'u' -> 4;
                    case 'U' -> 8;
                    default -> 0;
                };
        if (digits == 0 || at + digits >= end) {
            throw new IllegalArgumentException("no escape of Go: " + quoted);
        }
        out.appendCodePoint(Integer.parseInt(quoted.substring(at + 1, at + 1 + digits), 16));
        return at + digits;
    }
}
