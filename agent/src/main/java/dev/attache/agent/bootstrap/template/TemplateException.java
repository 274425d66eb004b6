package dev.attache.agent.bootstrap.template;

/** A template that cannot be read, or cannot be carried out; the message has line and action. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1;

    public TemplateException(String message) {
        super(message);
    }

    public TemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
