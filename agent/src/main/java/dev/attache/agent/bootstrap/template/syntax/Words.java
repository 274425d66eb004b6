package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.bootstrap.template.syntax.Token.Kind;
import java.util.Arrays;

/** The words of a template one after the other, with up to three that were put back. */
final class Words {

    private final String name;
    private final Lexer lexer;
    private final Token[] held = new Token[3];
    private int waiting;
    private int actionLine;

    /**
     * @param name of the template, for errors
     */
    Words(String name, Lexer lexer) {
        this.name = name;
        this.lexer = lexer;
        Arrays.fill(held, new Token(Kind.END_OF_TEXT, "", 0, 0));
    }

    /** Those of a template within this one, which goes on where this one is. */
    Words within() {
        return new Words(name, lexer);
    }

    Token take() {
        if (waiting > 0) {
            waiting--;
        } else {
            held[0] = lexer.next();
        }
        return held[waiting];
    }

    Token peek() {
        if (waiting == 0) {
            held[0] = lexer.next();
            waiting = 1;
        }
        return held[waiting - 1];
    }

    Token takeWord() {
        Token token = take();
        while (token.is(Kind.SPACE)) {
            token = take();
        }
        return token;
    }

    Token peekWord() {
        Token token = takeWord();
        back();
        return token;
    }

    /** Puts back what was taken last. */
    void back() {
        waiting++;
    }

    /** Puts back what was taken last, and one before. */
    void back(Token before) {
        held[1] = before;
        waiting = 2;
    }

    /** Puts back what was taken last, and two before. */
    void back(Token first, Token second) {
        held[1] = second;
        held[2] = first;
        waiting = 3;
    }

    /** An action begins on the line; 0 where it ends. */
    void action(int line) {
        actionLine = line;
    }

    Token expect(Kind kind, String context) {
        Token token = takeWord();
        if (!token.is(kind)) {
            throw unexpected(token, context);
        }
        return token;
    }

    TemplateSyntaxException unexpected(Token token, String context) {
        if (!token.is(Kind.ERROR)) {
            return error("unexpected " + token.shown() + " in " + context);
        }
        String began = "";
        if (actionLine != 0 && actionLine != token.line()) {
            String in = token.text().endsWith(" action") ? " " : " in action ";
            began = in + "started at " + name + ":" + actionLine;
        }
        return error(token.shown() + began);
    }

    TemplateSyntaxException error(String what) {
        return new TemplateSyntaxException(
                "template: " + name + ":" + held[0].line() + ": " + what);
    }
}
