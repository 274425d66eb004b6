package dev.attache.iptables.netns;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A way of intercepting, as the table of cases drives it. One per backend. */
public interface InterceptionMode {
    String name();

    /** Skips the calling test, saying why, where this mode cannot work. */
    void require();

    /** False for groups of cases this mode does not claim to do; they are counted as skipped. */
    boolean supports(TrafficGroup group);

    /**
     * Starts to intercept in a stage's application namespace.
     *
     * @param flags as of the iptables command
     * @param environment as of the iptables command
     */
    void install(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException;

    /** Stops it. */
    void remove(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException;

    /** What is left of it; empty if nothing is. */
    String leftovers(Stage stage) throws IOException;
}
