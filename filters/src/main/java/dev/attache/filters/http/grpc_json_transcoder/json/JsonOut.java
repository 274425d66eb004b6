package dev.attache.filters.http.grpc_json_transcoder.json;

/** JSON as it is written: octets, escaped and indented as protobuf does it. */
final class JsonOut {
    private final StringBuilder out = new StringBuilder();
    private final boolean whitespace;
    private int indentation;

    JsonOut(boolean whitespace) {
        this.whitespace = whitespace;
    }

    String text() {
        return out.toString();
    }

    JsonOut raw(String text) {
        out.append(text);
        return this;
    }

    /** How many brackets are open. */
    int depth() {
        return indentation;
    }

    void open(char bracket) {
        out.append(bracket);
        indentation++;
    }

    /**
     * Closes what {@link #open} has opened.
     *
     * @param empty nothing was written in between
     */
    void close(char bracket, boolean empty) {
        indentation--;
        if (!empty) {
            line();
        }
        out.append(bracket);
    }

    void item(boolean first) {
        if (!first) {
            out.append(',');
        }
        line();
    }

    void line() {
        if (whitespace) {
            out.append('\n').repeat(' ', indentation);
        }
    }

    void name(String octets) {
        quoted(octets);
        colon();
    }

    void colon() {
        out.append(':');
        if (whitespace) {
            out.append(' ');
        }
    }

    /** What is no UTF-8 becomes a blank. */
    JsonOut quoted(String octets) {
        out.append('"');
        int at = 0;
        while (at < octets.length()) {
            int length = Utf8.length(octets, at);
            if (length == 0) {
                out.append(' ');
                at++;
                continue;
            }
            int code = Utf8.codePoint(octets, at, length);
            String escape = escape(code);
            if (escape != null) {
                out.append(escape);
            } else if (isEscaped(code)) {
                for (char unit : Character.toChars(code)) {
                    unicode(unit);
                }
            } else {
                out.append(octets, at, at + length);
            }
            at += length;
        }
        out.append('"');
        return this;
    }

    private void unicode(char unit) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(unit >> shift & 15, 16));
        }
    }

    private static @org.jspecify.annotations.Nullable String escape(int code) {
        return switch (code) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            case '\\' -> "\\\\";
            default -> null;
        };
    }

    /** What is not seen, changes directions, or means something to HTML. */
    private static boolean isEscaped(int code) {
        return switch (code) {
            case '<',
                    '>',
                    0xfeff,
                    0xfff9,
                    0xfffa,
                    0xfffb,
                    0xad,
                    0x6dd,
                    0x70f,
                    0x17b4,
                    0x17b5,
                    0xe0001 ->
                    true;
            default ->
                    code <= 0x1f
                            || within(code, 0x7f, 0x9f)
                            || within(code, 0x600, 0x603)
                            || within(code, 0x200b, 0x200f)
                            || within(code, 0x2028, 0x202e)
                            || within(code, 0x2060, 0x2064)
                            || within(code, 0x206a, 0x206f)
                            || within(code, 0x1d173, 0x1d17a)
                            || within(code, 0xe0020, 0xe007f);
        };
    }

    private static boolean within(int code, int first, int last) {
        return code >= first && code <= last;
    }
}
