package dev.attache.agent.bootstrap.template;

/**
 * A piece of a template.
 *
 * @param text as it is written; of strings what they say
 * @param at its place in the template
 */
record Token(Kind kind, String text, int at) {

    enum Kind {
        TEXT,
        LEFT,
        RIGHT,
        SPACE,
        PIPE,
        OPEN,
        CLOSE,
        COMMA,
        DECLARE,
        ASSIGN,
        DOT,
        FIELD,
        VARIABLE,
        WORD,
        NUMBER,
        CHARACTER,
        STRING,
        END
    }

    boolean is(Kind kind) {
        return this.kind == kind;
    }

    boolean word(String word) {
        return kind == Kind.WORD && text.equals(word);
    }
}
