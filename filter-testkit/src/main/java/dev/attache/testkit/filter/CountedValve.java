package dev.attache.testkit.filter;

import dev.attache.proxy.connection.Valve;

/** A source that the test feeds: knows whether it is held. */
final class CountedValve implements Valve {

    private final String source;
    private int holds;

    CountedValve(String source) {
        this.source = source;
    }

    boolean held() {
        return holds > 0;
    }

    @Override
    public void hold() {
        holds++;
    }

    @Override
    public void release() {
        if (holds == 0) {
            throw new IllegalStateException("the " + source + " is released and was not held");
        }
        holds--;
    }
}
