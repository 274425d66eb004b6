package dev.attache.filters.cel.plan;

/**
 * An evaluation ends without a value, whatever else the expression says: {@code matches} with a
 * constant pattern of what is no text, and a map that has a key twice. There is one, without a
 * trace of where.
 */
public final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final EndedException ENDED = new EndedException();

    private EndedException() {
        super("the evaluation has no value", null, false, false);
    }
}
