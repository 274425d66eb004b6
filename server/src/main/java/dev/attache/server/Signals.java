package dev.attache.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The signals that Envoy knows, and what it says about them. */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private Signals() {}

    /**
     * @param shutdown on SIGTERM and SIGINT
     * @param reopenLogs on SIGUSR1
     */
    static void handle(Runnable shutdown, Runnable reopenLogs) {
        on("TERM", "caught ENVOY_SIGTERM", shutdown);
        on("INT", "caught SIGINT", shutdown);
        on("USR1", "caught SIGUSR1. Reopening access logs.", reopenLogs);
        on("HUP", "caught and eating SIGHUP. See documentation for how to hot restart.", () -> {});
    }

    private static void on(String name, String message, Runnable action) {
        try {
            Signal.handle(
                    new Signal(name),
                    signal -> {
                        LOG.warn("{}", message);
                        action.run();
                    });
        } catch (IllegalArgumentException e) {
            LOG.info("SIG{} is left to the JVM: {}", name, e.getMessage());
        }
    }
}
