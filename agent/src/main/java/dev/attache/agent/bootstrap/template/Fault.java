package dev.attache.agent.bootstrap.template;

/** What is wrong at a place of the template, on its way to {@link TemplateException}. */
final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Of a place that is not known here; whoever knows it adds it. */
    static final int NOWHERE = -1;

    private final int at;

    Fault(int at, String message) {
        super(message, null, false, false);
        this.at = at;
    }

    Fault(String message) {
        this(NOWHERE, message);
    }

    int at() {
        return at;
    }
}
