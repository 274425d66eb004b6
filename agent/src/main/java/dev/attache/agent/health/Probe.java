package dev.attache.agent.health;

import java.time.Duration;

/** One way to ask. Blocks its thread for as long as its limit at most. */
interface Probe {

    /**
     * Asks.
     *
     * @throws UnwellException if the answer is no answer of a healthy application
     */
    void ask(Duration limit) throws UnwellException, InterruptedException;

    /** Why the application is not well; the control plane is told so. */
    final class UnwellException extends Exception {
        private static final long serialVersionUID = 1;

        UnwellException(String why) {
            super(why);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
