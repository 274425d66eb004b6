package dev.attache.server.lifecycle;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The signals that Envoy knows, and what it says about them. */
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private Signals() {}

    /**
     * @param shutdown on the first SIGTERM or SIGINT; takes the exit code for when that fails
     * @param atOnce on the second one
     * @param reopenLogs on SIGUSR1
     * @param restart on SIGHUP; null: it is eaten, as Envoy does
     */
    public static void handle(
            IntConsumer shutdown,
            IntConsumer atOnce,
            Runnable reopenLogs,
            @Nullable Runnable restart) {
        AtomicBoolean asked = new AtomicBoolean();
        Map.of("TERM", "caught ENVOY_SIGTERM", "INT", "caught SIGINT")
                .forEach((name, message) -> {
                    int code = ProcessExit.SIGNAL + new Signal(name).getNumber();
                    on(
                            name,
                            message,
                            () -> {
                                if (asked.compareAndSet(false, true)) {
                                    shutdown.accept(code);
                                } else {
                                    LOG.warn("asked a second time: ends at once");
                                    atOnce.accept(code);
                                }
                            });
                });
        on("USR1", "caught SIGUSR1. Reopening access logs.", reopenLogs);
        if (restart == null) {
            String eaten = "caught and eating SIGHUP. See documentation for how to hot restart.";
            on("HUP", eaten, () -> {});
        } else {
            on("HUP", "caught SIGHUP. Starting the next process.", restart);
        }
    }

    /** Ends this process as SIGTERM does. */
    public static void terminate() {
        Signal.raise(new Signal("TERM"));
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
