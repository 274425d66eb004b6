package dev.attache.config.load.tree;

import dev.attache.config.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON to {@link ConfigNode}s as protobuf's parser reads it in legacy mode: trailing commas,
 * single-quoted strings, control characters in strings and bare keys are taken; comments are not.
 */
public final class JsonReader {
    private final String file;
    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    private JsonReader(String file, String text) {
        this.file = file;
        this.text = text;
    }

    public static ConfigNode read(String file, String text) throws SyntaxException {
        JsonReader reader = new JsonReader(file, text);
        reader.skipSpace();
        ConfigNode root = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.error(
                    "unexpected character after the end of the document: " + reader.quoted());
        }
        return root;
    }

    private ConfigNode value(int depth) throws SyntaxException {
        int startLine = line;
        int startColumn = column();
        char c = peek();
        if (depth == ConfigNode.MAX_DEPTH && (c == '{' || c == '[')) {
            throw error("JSON content was too deeply nested");
        }
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"', '\'' -> new ConfigNode.Text(string(), startLine, startColumn);
            case 't' -> {
                word("true");
                yield new ConfigNode.Bool(true, startLine, startColumn);
            }
            case 'f' -> {
                word("false");
                yield new ConfigNode.Bool(false, startLine, startColumn);
            }
            case 'n' -> {
                word("null");
                yield new ConfigNode.Null(startLine, startColumn);
            }
            default -> new ConfigNode.Number(number(), startLine, startColumn);
        };
    }

    private ConfigNode object(int depth) throws SyntaxException {
        int startLine = line;
        int startColumn = column();
        List<ConfigNode.Entry> entries = new ArrayList<>();
        at++;
        skipSpace();
        while (peek() != '}') {
            int keyLine = line;
            int keyColumn = column();
            char c = peek();
            String key = c == '"' || c == '\'' ? string() : bareKey();
            skipSpace();
            expect(':');
            skipSpace();
            entries.add(new ConfigNode.Entry(key, keyLine, keyColumn, value(depth + 1)));
            separator('}');
        }
        at++;
        return new ConfigNode.Mapping(entries, startLine, startColumn);
    }

    private ConfigNode array(int depth) throws SyntaxException {
        int startLine = line;
        int startColumn = column();
        List<ConfigNode> items = new ArrayList<>();
        at++;
        skipSpace();
        while (peek() != ']') {
            items.add(value(depth + 1));
            separator(']');
        }
        at++;
        return new ConfigNode.Sequence(items, startLine, startColumn);
    }

    /** A comma, which may be the last thing before the closing bracket. */
    private void separator(char close) throws SyntaxException {
        skipSpace();
        if (peek() == ',') {
            at++;
            skipSpace();
        } else if (peek() != close) {
            throw error("unexpected character: " + quoted() + "; expected '" + close + "'");
        }
    }

    private String bareKey() throws SyntaxException {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_$".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (start == at || Character.isDigit(text.charAt(start))) {
            throw error("unexpected character: " + quoted() + "; expected '\"'");
        }
        return text.substring(start, at);
    }

    private String number() throws SyntaxException {
        int begin = at;
        skip('-');
        if (!skip('0') && !skipDigits()
                || skip('.') && !skipDigits()
                || (skip('e') || skip('E')) && !skipExponent()
                || at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at = begin;
            throw error("unexpected character: " + quoted());
        }
        return text.substring(begin, at);
    }

    private boolean skipExponent() {
        if (!skip('+')) {
            skip('-');
        }
        return skipDigits();
    }

    /** Whether there was one. */
    private boolean skipDigits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > begin;
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private String string() throws SyntaxException {
        char quote = peek();
        SourcePosition start = here();
        at++;
        String plain = plainString(quote);
        if (plain != null) {
            return plain;
        }
        StringBuilder value = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw new SyntaxException(start, "unexpected EOF: the string is not closed");
            }
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return value.toString();
            }
            if (c == '\\') {
                append(value, escape());
                continue;
            }
            value.append(c);
            at++;
            if (c == '\n') {
                line++;
                lineStart = at;
            }
        }
    }

    /** The rest of a string that has neither escapes nor ends of lines; else null. */
    private @Nullable String plainString(char quote) {
        for (int end = at; end < text.length(); end++) {
            char c = text.charAt(end);
            if (c == quote) {
                String value = text.substring(at, end);
                at = end + 1;
                return value;
            }
            if (c == '\\' || c == '\n') {
                return null;
            }
        }
        return null;
    }

    /** Escapes name UTF-16 code units; half a character is none (RFC 8259 section 7). */
    private void append(StringBuilder value, char unit) throws SyntaxException {
        if (Character.isLowSurrogate(unit)) {
            throw error("unpaired low surrogate");
        }
        value.append(unit);
        if (Character.isHighSurrogate(unit)) {
            if (!text.startsWith("\\u", at)) {
                throw error("missing low surrogate");
            }
            char low = escape();
            if (!Character.isLowSurrogate(low)) {
                throw error("invalid low surrogate");
            }
            value.append(low);
        }
    }

    private char escape() throws SyntaxException {
        at++;
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/', '\'' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw error("unexpected EOF in \\u escape");
                }
                int code;
                try {
                    code = Integer.parseUnsignedInt(text, at, at + 4, 16);
                } catch (NumberFormatException e) {
                    throw error("invalid \\u escape");
                }
                at += 4;
                yield (char) code;
            }
            default -> throw error("invalid escape char: '" + c + "'");
        };
    }

    private void word(String word) throws SyntaxException {
        if (!text.startsWith(word, at)) {
            throw error("unexpected character: " + quoted() + "; expected '" + word + "'");
        }
        at += word.length();
    }

    private void expect(char c) throws SyntaxException {
        if (peek() != c) {
            throw error("unexpected character: " + quoted() + "; expected '" + c + "'");
        }
        at++;
    }

    private char peek() throws SyntaxException {
        if (at >= text.length()) {
            throw error("unexpected EOF");
        }
        return text.charAt(at);
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                lineStart = at + 1;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
            at++;
        }
    }

    private String quoted() {
        return at < text.length() ? "'" + text.charAt(at) + "'" : "end of file";
    }

    private SourcePosition here() {
        return new SourcePosition(file, line, column());
    }

    private int column() {
        return at - lineStart + 1;
    }

    private SyntaxException error(String message) {
        return new SyntaxException(here(), message);
    }
}
