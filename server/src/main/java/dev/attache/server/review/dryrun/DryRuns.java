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

    /** Another one is under way. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("another dry run is under way", null, false, false);
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
        if (!busy.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new Busy());
        }
        CompletableFuture<Explanation> outcome = new CompletableFuture<>();
        HeldDiscovery held = HeldDiscovery.of(plane);
        Thread.ofPlatform()
                .daemon()
                .name("config-dry-run")
                .start(() -> run(body, type, held, outcome));
        return outcome;
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
