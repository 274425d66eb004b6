package dev.attache.agent.bootstrap.template;

/** What cannot be carried out; the message has name, place and action. */
final class ExecutionFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    ExecutionFault(String message) {
        super(message);
    }
}
