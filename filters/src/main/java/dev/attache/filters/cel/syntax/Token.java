package dev.attache.filters.cel.syntax;

/**
 * A piece of the text of an expression.
 *
 * @param text of names and operators, else empty
 * @param value of literals; of others the text
 * @param start where it begins
 */
record Token(Kind kind, String text, Object value, int start) {

    enum Kind {
        NAME,
        /** A name in backticks, for fields only. */
        QUOTED_NAME,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        OPERATOR,
        END
    }

    static Token of(Kind kind, String text, int start) {
        return new Token(kind, text, text, start);
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** For what is said of one that may not stand where it does. */
    String shown() {
        return kind == Kind.END ? "'<EOF>'" : "'" + (text.isEmpty() ? value : text) + "'";
    }
}
