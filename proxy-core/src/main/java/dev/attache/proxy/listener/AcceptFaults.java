package dev.attache.proxy.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says when connections cannot be accepted. Global by nature, for the file descriptors
 * that are missing are those of the process: one line in a minute, whoever meets it. Any thread.
 */
public final class AcceptFaults {

    private static final Logger LOG = LoggerFactory.getLogger("connection");
    private static final long SAY_AGAIN = TimeUnit.MINUTES.toNanos(1);

    /** Read early: once no descriptor is left, no file can be opened to read it from. */
    private static final String LIMIT = descriptorLimit();

    private static final AtomicLong LAST = new AtomicLong(System.nanoTime() - 2 * SAY_AGAIN);

    private AcceptFaults() {}

    /** Once no descriptor is left this class could not be read either: called where one binds. */
    public static void prepare() {
        LOG.debug("limit of file descriptors: {}", LIMIT);
    }

    /**
     * @param acceptor who accepts: a listener with its name, the admin interface
     */
    public static void failed(String acceptor, Throwable why) {
        long now = System.nanoTime();
        long last = LAST.get();
        if (now - last < SAY_AGAIN || !LAST.compareAndSet(last, now)) {
            return;
        }
        if (outOfDescriptors(why)) {
            LOG.error(
                    "{} cannot accept connections: the process has used up its {} file"
                            + " descriptors. New connections wait in the kernel until some are"
                            + " free. Raise the limit (ulimit -n, LimitNOFILE=, --ulimit nofile=)"
                            + " or allow fewer connections (the overload manager's resource"
                            + " monitor downstream_connections)",
                    acceptor,
                    LIMIT);
        } else {
            LOG.error("{} cannot accept connections and tries again: {}", acceptor, why.toString());
        }
    }

    /** Of the process (EMFILE) or of the machine (ENFILE). */
    static boolean outOfDescriptors(Throwable why) {
        return String.valueOf(why.getMessage()).contains("oo many open files");
    }

    private static String descriptorLimit() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    return line.substring("Max open files".length()).strip().split(" +", 2)[0];
                }
            }
        } catch (IOException e) {
            LOG.debug("the limit of file descriptors cannot be read", e);
        }
        return "(unknown number of)";
    }
}
