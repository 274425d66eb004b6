package dev.attache.agent.bootstrap.template.syntax;

/** A template that cannot be read; the message has its name and the line. */
public final class TemplateSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TemplateSyntaxException(String message) {
        super(message);
    }
}
