package dev.attache.config.load;

import dev.attache.config.SourcePosition;
import dev.attache.config.load.tree.SyntaxException;

/**
 * The words of a text protobuf: identifiers, numbers, strings, single symbols; comments begin with
 * {@code #}. Always stands at one token.
 */
final class TextTokens {
    enum Kind {
        IDENTIFIER,
        INTEGER,
        FLOAT,
        STRING,
        SYMBOL,
        END
    }

    private final String file;
    private final String text;
    private final TextStrings strings;
    private Kind kind = Kind.END;
    private int start;
    private int end;
    private int line = 1;
    private int lineStart;

    TextTokens(String file, String text) throws SyntaxException {
        this.file = file;
        this.text = text;
        this.strings = new TextStrings(this, text);
        next();
    }

    Kind kind() {
        return kind;
    }

    /** The token as it is written; of the end an empty text. */
    String word() {
        return text.substring(start, end);
    }

    boolean isAt(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(start) == symbol;
    }

    /** Passes over the symbol if it is the next token, and says whether it was. */
    boolean take(char symbol) throws SyntaxException {
        boolean there = isAt(symbol);
        if (there) {
            next();
        }
        return there;
    }

    void expect(char symbol) throws SyntaxException {
        if (!take(symbol)) {
            throw error("Expected \"" + symbol + "\", found \"" + word() + "\".");
        }
    }

    String identifier() throws SyntaxException {
        if (kind != Kind.IDENTIFIER) {
            throw error("Expected identifier, got: " + word());
        }
        String word = word();
        next();
        return word;
    }

    /** The octets of a string, or of several that follow each other. */
    byte[] string() throws SyntaxException {
        if (kind != Kind.STRING) {
            throw error("Expected string, got: " + word());
        }
        WireBuffer octets = new WireBuffer(64);
        while (kind == Kind.STRING) {
            strings.append(start + 1, end - 1, octets);
            next();
        }
        return octets.copy(0);
    }

    /** What stands between the bracket that is the next token and its end, without spaces. */
    String bracketed() throws SyntaxException {
        StringBuilder name = new StringBuilder();
        next();
        while (!isAt(']')) {
            if (kind == Kind.END || kind == Kind.STRING) {
                throw error("Expected \"]\", found \"" + word() + "\".");
            }
            name.append(text, start, end);
            next();
        }
        next();
        return name.toString();
    }

    void next() throws SyntaxException {
        skipSpace();
        start = end;
        if (start == text.length()) {
            kind = Kind.END;
            return;
        }
        char c = text.charAt(start);
        if (isLetter(c)) {
            kind = Kind.IDENTIFIER;
            while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(end))) {
                end++;
            }
        } else if (isDigit(start) || c == '.' && isDigit(start + 1)) {
            number();
        } else if (c == '"' || c == '\'') {
            kind = Kind.STRING;
            end = strings.end(start);
        } else if (c < ' ') {
            throw error("Invalid control characters encountered in text.");
        } else {
            kind = Kind.SYMBOL;
            end++;
        }
    }

    private void skipSpace() {
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c == '#') {
                int newline = text.indexOf('\n', end);
                end = newline < 0 ? text.length() : newline;
            } else if (c == '\n') {
                lineStart = ++end;
                line++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 0x0b) {
                end++;
            } else {
                return;
            }
        }
    }

    private void number() throws SyntaxException {
        kind = Kind.INTEGER;
        boolean hexadecimal = text.startsWith("0x", start) || text.startsWith("0X", start);
        if (hexadecimal) {
            end += 2;
            while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
                end++;
            }
            if (end == start + 2) {
                throw error("\"0x\" must be followed by hex digits.");
            }
        } else {
            decimal();
        }
        if (end < text.length() && isLetter(text.charAt(end))) {
            throw errorAt(end, "Need space between number and identifier.");
        }
        if (end < text.length() && text.charAt(end) == '.') {
            throw errorAt(
                    end,
                    kind == Kind.FLOAT
                            ? "Already saw decimal point or exponent; can't have another one."
                            : "Hex and octal numbers must be integers.");
        }
    }

    private void decimal() throws SyntaxException {
        digits();
        boolean octal = end - start > 1 && text.charAt(start) == '0';
        if (end < text.length() && text.charAt(end) == '.') {
            kind = Kind.FLOAT;
            end++;
            digits();
        }
        if (end < text.length() && (text.charAt(end) | 0x20) == 'e') {
            kind = Kind.FLOAT;
            end++;
            if (end < text.length() && "+-".indexOf(text.charAt(end)) >= 0) {
                end++;
            }
            int exponent = end;
            digits();
            if (end == exponent) {
                throw error("\"e\" must be followed by exponent.");
            }
        }
        if (end < text.length() && (text.charAt(end) | 0x20) == 'f') {
            kind = Kind.FLOAT;
            end++;
        }
        if (kind == Kind.INTEGER
                && octal
                && (word().indexOf('8') >= 0 || word().indexOf('9') >= 0)) {
            throw error("Numbers starting with leading zero must be in octal.");
        }
    }

    private void digits() {
        while (isDigit(end)) {
            end++;
        }
    }

    private boolean isDigit(int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    /** The place of the token, as {@code line:column}. */
    int line() {
        return line;
    }

    int column() {
        return start - lineStart + 1;
    }

    SyntaxException error(String problem) {
        return errorAt(line, column(), problem);
    }

    /** At a place behind the begin of the token, in its line. */
    SyntaxException errorAt(int at, String problem) {
        return errorAt(line, at - lineStart + 1, problem);
    }

    SyntaxException errorAt(int atLine, int atColumn, String problem) {
        return new SyntaxException(
                new SourcePosition(file, atLine, atColumn),
                atLine + ":" + atColumn + ": " + problem);
    }
}
