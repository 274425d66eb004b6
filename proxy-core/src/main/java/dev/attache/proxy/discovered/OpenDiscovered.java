package dev.attache.proxy.discovered;

import dev.attache.proxy.worker.Faults;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A discovered filter of one chain on one worker: opens each configuration when the first user, a
 * stream or a connection, comes after it, and closes it when its last user has gone. Loop-confined;
 * {@link #close} may be called by whoever knows that nobody comes any more, on any thread.
 *
 * @param <S> the kind of filters
 * @param <F> what one is when it is open
 */
public final class OpenDiscovered<S, F> {
    private static final Logger LOG = LoggerFactory.getLogger("filter");

    /** How a configuration is opened and closed. */
    public interface Opening<S, F> {

        F open(S spec);

        /** Its last user has gone, and no further one comes. */
        void close(F opened);
    }

    private final DiscoveredSpec<S> spec;
    private final DiscoveredSpec.Hold hold;
    private final Opening<S, F> opening;

    /** What {@link #serving} was made for. */
    private DiscoveredFilter.@Nullable Found seen;

    private @Nullable Opened<S, F> serving;

    OpenDiscovered(DiscoveredSpec<S> spec, DiscoveredSpec.Hold hold, Opening<S, F> opening) {
        this.spec = spec;
        this.hold = hold;
        this.opening = opening;
        this.seen = hold.filter().current();
        S first = spec.wanted(seen);
        if (first != null) {
            this.serving = new Opened<>(opening, first);
        }
    }

    /** What counts for who comes now, or null where there is no configuration. */
    public @Nullable Opened<S, F> current() {
        DiscoveredFilter.Found found = hold.filter().current();
        if (found != seen) {
            seen = found;
            become(spec.wanted(found));
        }
        return serving;
    }

    /** Opens what is wanted now; where that fails, what served goes on serving. */
    private void become(@Nullable S wanted) {
        Opened<S, F> last = serving;
        if (wanted == (last == null ? null : last.spec)) {
            return;
        }
        Opened<S, F> next;
        try {
            next = wanted == null ? null : new Opened<>(opening, wanted);
        } catch (Throwable e) {
            Faults.contain(e);
            String name = hold.filter().name();
            LOG.error("filter '{}': a new configuration cannot be opened: {}", name, e, e);
            return;
        }
        serving = next;
        if (last != null) {
            last.retire();
        }
    }

    /** The chain is gone: what is open closes with its last user. */
    public void close() {
        Opened<S, F> last = serving;
        serving = null;
        if (last != null) {
            last.retire();
        }
        hold.release().run();
    }

    /**
     * One configuration, open, and how many still use it: counted on the loop, retired anywhere.
     */
    public static final class Opened<S, F> {
        private final Opening<S, F> opening;
        private final S spec;
        private final F factory;

        /** Itself counts as one until it is retired. */
        private final AtomicInteger users = new AtomicInteger(1);

        private Opened(Opening<S, F> opening, S spec) {
            this.opening = opening;
            this.spec = spec;
            this.factory = opening.open(spec);
        }

        public F factory() {
            return factory;
        }

        /** Somebody uses it until {@link #ended}. */
        public void used() {
            users.incrementAndGet();
        }

        public void ended() {
            if (users.decrementAndGet() == 0) {
                opening.close(factory);
            }
        }

        /** Nobody else comes; called once. */
        private void retire() {
            ended();
        }
    }
}
