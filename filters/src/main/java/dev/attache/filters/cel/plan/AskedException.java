package dev.attache.filters.cel.plan;

/**
 * An evaluation has come to where it asks for something of the response. There is one, without a
 * trace of where: it ends evaluations that are made to find that out.
 */
public final class AskedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final AskedException ASKED = new AskedException();

    private AskedException() {
        super("the response is asked for", null, false, false);
    }
}
