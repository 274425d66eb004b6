package dev.attache.iptables.apply;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Runs programs of the host. */
public interface Programs {
    /**
     * What a program answered.
     *
     * @param exit its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Answer(int exit, String out, String err) {
        public boolean ok() {
            return exit == 0;
        }

        /** The first line of what it complained, or its exit code. */
        public String complaint() {
            String text = err.isBlank() ? out.strip() : err.strip();
            return text.isEmpty() ? "exit code " + exit : text;
        }
    }

    /**
     * Runs a program to its end.
     *
     * @param command program and arguments
     * @param input what it reads on standard input
     * @param environment variables to add
     * @throws IOException if it cannot be started, usually because it is not there
     */
    Answer run(List<String> command, String input, Map<String, String> environment)
            throws IOException;
}
