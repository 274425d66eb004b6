package dev.attache.agent.onboard.check;

/** What is checked, in this order, and the exit code where it is what is wrong. */
public enum Subject {
    ADDRESS(10),
    NAME(11),
    CONNECTION(12),
    TLS(13),
    TLS_NAME(14),
    CLOCK(15),
    CREDENTIAL(16),
    IDENTITY(17),
    AUTHORITY(18),
    DISCOVERY(19);

    private final int code;

    Subject(int code) {
        this.code = code;
    }

    /** Of the command. */
    public int exitCode() {
        return code;
    }

    /** As it is printed. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
