package dev.attache.proxy.matching;

/** What a condition came to. */
public enum Decision {
    YES,
    NO,
    /** What decides is not there yet. */
    UNDECIDED;

    public static Decision of(boolean holds) {
        return holds ? YES : NO;
    }

    Decision not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNDECIDED -> UNDECIDED;
        };
    }
}
