package dev.attache.agent.names;

import org.jspecify.annotations.Nullable;

/** Waits for what a server says to a question. Called once, on the loop of names. */
@FunctionalInterface
interface Waiter {

    /**
     * How it went.
     *
     * @param answer as it came, its id being that of the question sent; null for none
     */
    void heard(byte @Nullable [] answer);
}
