package dev.attache.filters.cel.syntax;

/** A text is no expression; says where and why. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    SyntaxException(String text, int at, String reason) {
        super("ERROR: <input>:" + position(text, at) + ": " + reason);
    }

    /** Line and column, both from one on. */
    private static String position(String text, int at) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return line + ":" + (at - start + 1);
    }
}
