package dev.attache.testkit.filter;

import org.jspecify.annotations.Nullable;

/** An exchange that is ended in the middle. Counts down the steps until then. */
final class Departure {

    /** Who ends it. */
    enum How {
        /** The client resets its stream. */
        CLIENT_LEAVES,
        /** The client's connection is gone. */
        CONNECTION_CLOSES,
        /** The upstream gives its response up, or never begins one. */
        UPSTREAM_RESETS
    }

    /** Unwinds what the exchange still has to do. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended() {
            super("the exchange has been ended", null, false, false);
        }
    }

    /** It goes on to its own end. */
    static final Departure NONE = new Departure(null, -1);

    private final @Nullable How how;
    private final int step;
    private int left;

    Departure(@Nullable How how, int step) {
        this.how = how;
        this.step = step;
        this.left = step;
    }

    /** Before each step. */
    void step(FilterHarness harness) {
        if (how != null && left-- == 0) {
            harness.depart(how);
            throw new Ended();
        }
    }

    /** Whether the exchange was ended before its own end. */
    boolean interrupts(Runnable exchange) {
        try {
            exchange.run();
            return false;
        } catch (Ended ended) {
            return true;
        }
    }

    AssertionError named(AssertionError failed) {
        return new AssertionError(
                how + " before step " + step + ": " + failed.getMessage(), failed);
    }
}
