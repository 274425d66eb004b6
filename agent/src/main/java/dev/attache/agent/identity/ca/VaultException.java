package dev.attache.agent.identity.ca;

import java.io.IOException;

/**
 * Something that a Vault did not do, for whoever has to mend it: the message has both what happened
 * and what to do.
 */
public final class VaultException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;
    private final String remedy;
    private final boolean forbidden;

    VaultException(String what, String remedy, Throwable cause) {
        super(what + ": " + remedy, cause);
        this.what = what;
        this.remedy = remedy;
        this.forbidden = false;
    }

    VaultException(String what, String remedy, boolean forbidden) {
        super(what + ": " + remedy);
        this.what = what;
        this.remedy = remedy;
        this.forbidden = forbidden;
    }

    /** What happened, without what to do. */
    public String what() {
        return what;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }

    /** Whether the token did not do: another one may. */
    boolean forbidden() {
        return forbidden;
    }
}
