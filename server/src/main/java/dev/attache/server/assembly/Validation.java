package dev.attache.server.assembly;

import dev.attache.server.flags.ServerOptions;

/** {@code --mode validate}: everything is compiled, nothing is opened but log files. */
public final class Validation {

    private Validation() {}

    /** Throws with all errors if the configuration would not be served. */
    public static void run(ServerOptions options) throws StartupException {
        Assembly.of(options).close();
    }
}
