package dev.attache.server.review.dryrun;

import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.worker.Faults;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.plane.ConfigPlane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dry runs of a proxy: one at a time, each on a thread of its own that ends with it. Main loop
 * only.
 */
public final class DryRuns {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final Assembly running;
    private final ConfigPlane plane;
    private final AtomicBoolean busy = new AtomicBoolean();

    public DryRuns(Assembly running, ConfigPlane plane) {
        this.running = running;
        this.plane = plane;
    }

    /** Heap that a body may take, read twice and compiled beside what serves, by its length. */
    private static final long HEAP_FOR_EACH = 32;

    /** There is no room for one at this moment. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Begins one. What comes of it fails with {@link IllegalArgumentException} where the body
     * cannot be read, and with {@link Busy}.
     *
     * @param body YAML or JSON
     * @param type short name of the resource's type where the body does not say it; empty else
     */
    CompletableFuture<Explanation> begin(String body, String type) {
        if (!fits(body.length(), Runtime.getRuntime())) {
            return CompletableFuture.failedFuture(
                    new Busy(
                            "the heap has no room for a configuration of this length beside the"
                                    + " one that serves: use --mode validate, a process of its own"));
        }
        if (!busy.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new Busy("another dry run is under way"));
        }
        CompletableFuture<Explanation> outcome = new CompletableFuture<>();
        HeldDiscovery held = HeldDiscovery.of(plane);
        Thread.ofPlatform()
                .daemon()
                .name("config-dry-run")
                .start(() -> run(body, type, held, outcome));
        return outcome;
    }

    private static boolean fits(long length, Runtime runtime) {
        long used = runtime.totalMemory() - runtime.freeMemory();
        return length * HEAP_FOR_EACH < runtime.maxMemory() - used;
    }

    private void run(
            String body, String type, HeldDiscovery held, CompletableFuture<Explanation> outcome) {
        try {
            Sent sent = new SentReader(running.types(), UnknownFieldPolicy.WARN).read(body, type);
            Explanation said = new DryRun(running, held).of(sent);
            busy.set(false);
            outcome.complete(said);
        } catch (Throwable e) {
            busy.set(false);
            if (!(e instanceof IllegalArgumentException)) {
                Faults.contain(e);
                LOG.error("a dry run failed", e);
            }
            outcome.completeExceptionally(e);
        }
    }
}
