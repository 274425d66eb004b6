package dev.attache.agent.onboard.check;

/** Something that has to be mended before this machine can take part. */
public final class CheckFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final Subject subject;
    private final String remedy;

    public CheckFailure(Subject subject, String what, String remedy) {
        super(what);
        this.subject = subject;
        this.remedy = remedy;
    }

    public Subject subject() {
        return subject;
    }

    /** What to do, in words. */
    public String remedy() {
        return remedy;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
