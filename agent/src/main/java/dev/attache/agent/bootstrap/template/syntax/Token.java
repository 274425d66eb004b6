package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.document.GoQuotes;
import java.util.EnumSet;
import java.util.Set;

/**
 * A piece of a template.
 *
 * @param text as it is written; what is wrong, of an error
 * @param at its place in the template
 * @param line on which it begins, from one
 */
record Token(Kind kind, String text, int at, int line) {

    enum Kind {
        ERROR,
        END_OF_TEXT,
        TEXT,
        LEFT,
        RIGHT,
        SPACE,
        PIPE,
        OPEN,
        CLOSE,
        DECLARE,
        ASSIGN,
        OTHER,
        BOOL,
        CHARACTER,
        COMPLEX,
        NUMBER,
        STRING,
        RAW_STRING,
        FIELD,
        VARIABLE,
        IDENTIFIER,
        DOT,
        NIL,
        BLOCK,
        BREAK,
        CONTINUE,
        DEFINE,
        ELSE,
        END,
        IF,
        RANGE,
        TEMPLATE,
        WITH
    }

    private static final Set<Kind> KEYWORDS = EnumSet.range(Kind.DOT, Kind.WITH);

    private static final int SHOWN = 10;

    boolean is(Kind kind) {
        return this.kind == kind;
    }

    /** As errors show it. */
    String shown() {
        if (kind == Kind.END_OF_TEXT || kind == Kind.ERROR) {
            return kind == Kind.ERROR ? text : "EOF";
        }
        if (KEYWORDS.contains(kind)) {
            return "<" + text + ">";
        }
        return text.codePointCount(0, text.length()) > SHOWN
                ? GoQuotes.quote(text.substring(0, text.offsetByCodePoints(0, SHOWN))) + "..."
                : GoQuotes.quote(text);
    }
}
