package dev.attache.server.supervision;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever started this process and wants to hear how it does: systemd, for units of {@code
 * Type=notify} or {@code notify-reload} and those with {@code WatchdogSec}. Any thread; what cannot
 * be told is a line in the log. Source: sd_notify(3), sd_watchdog_enabled(3).
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final @Nullable NotifySocket socket;
    private final Duration watchdog;

    /** Another process is the service, and speaks for it. */
    private volatile boolean replaced;

    private Supervisor(@Nullable NotifySocket socket, Duration watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** That of this process, if there is one. */
    public static Supervisor ofProcess() {
        return of(System.getenv());
    }

    /** Nobody listens. */
    public static Supervisor none() {
        return of(Map.of());
    }

    /**
     * As variables name it: {@code NOTIFY_SOCKET} and {@code WATCHDOG_USEC}. {@code WATCHDOG_PID}
     * is not looked at: it names the first process, of which this one may be the successor.
     */
    public static Supervisor of(Map<String, String> variables) {
        String path = variables.getOrDefault("NOTIFY_SOCKET", "");
        if (!path.startsWith("/") && !path.startsWith("@")) {
            return new Supervisor(null, Duration.ZERO);
        }
        return new Supervisor(
                new NotifySocket(path), micros(variables.getOrDefault("WATCHDOG_USEC", "")));
    }

    private static Duration micros(String text) {
        try {
            return text.isEmpty()
                    ? Duration.ZERO
                    : Duration.of(Long.parseLong(text), ChronoUnit.MICROS);
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC is no number: '{}'; the watchdog hears nothing", text);
            return Duration.ZERO;
        }
    }

    /** Whether anybody listens. */
    public boolean listens() {
        return socket != null;
    }

    /** It serves: {@code READY=1}. */
    public void ready() {
        tell("READY=1\nSTATUS=serving\n");
    }

    /** It comes to its end: {@code STOPPING=1}. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=ends\n");
    }

    /** The next process is started; one of the two says {@link #ready} afterwards. */
    public void reloading() {
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        tell("RELOADING=1\nMONOTONIC_USEC=" + micros + "\nSTATUS=the next process starts\n");
    }

    /**
     * From now on another process is the service: {@code MAINPID}. This one says no more.
     *
     * @param pid which then says {@link #ready}
     */
    public void replacedBy(long pid) {
        tell("MAINPID=" + pid + "\n");
        replaced = true;
    }

    /**
     * The process that {@link #replacedBy} named is gone: this one is the service again, until it
     * ends.
     *
     * @param pid of this process
     */
    public void takesBack(long pid) {
        replaced = false;
        tell("MAINPID=" + pid + "\nSTATUS=the process that took over has ended\n");
    }

    /** One line for whoever asks how the service does. */
    public void status(String line) {
        tell("STATUS=" + line.replace('\n', ' ') + "\n");
    }

    /**
     * Tells the watchdog, twice in its time, that the process turns, while it does.
     *
     * @param loop on which that is said: one that stands still says nothing
     * @param turns whether the others turn
     */
    public void watch(ScheduledExecutorService loop, BooleanSupplier turns) {
        if (socket == null || watchdog.isZero() || watchdog.isNegative()) {
            return;
        }
        long half = Math.max(1, watchdog.toMillis() / 2);
        loop.scheduleAtFixedRate(
                () -> {
                    if (turns.getAsBoolean()) {
                        tell("WATCHDOG=1\n");
                    }
                },
                0,
                half,
                TimeUnit.MILLISECONDS);
    }

    private void tell(String lines) {
        if (socket == null || replaced) {
            return;
        }
        try {
            socket.send(lines);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "the supervisor at NOTIFY_SOCKET does not hear '{}': {}",
                    lines.lines().findFirst().orElse(""),
                    e.getMessage());
        }
    }
}
