package dev.attache.server.plane.version;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.PreparationScope;
import dev.attache.proxy.upstream.dial.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is prepared for one version of a listener: holds up its warming for as long as each asks,
 * and lives as long as the version. Main loop only.
 */
public final class Preparations {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final List<Preparation> preparations;
    private final PreparationScope scope;
    private final Executor whenAdopted;
    private final List<Cancellable> timers = new ArrayList<>();
    private boolean closed;

    /**
     * @param whenAdopted runs a task once the workers have what is there now: the clusters that
     *     calls go to
     */
    public Preparations(
            List<Preparation> preparations, PreparationScope scope, Executor whenAdopted) {
        this.preparations = preparations;
        this.scope = scope;
        this.whenAdopted = whenAdopted;
    }

    /**
     * Starts all of them.
     *
     * @param warmup not started yet; learns what is waited for
     * @param refuse hears why the version must not serve; may close these preparations
     */
    public void start(Warmup warmup, Consumer<String> refuse) {
        if (preparations.isEmpty()) {
            return;
        }
        List<Awaited> all = new ArrayList<>(preparations.size());
        for (Preparation preparation : preparations) {
            Awaited awaited = new Awaited(preparation, warmup, refuse);
            awaited.limit();
            all.add(awaited);
        }
        whenAdopted.execute(() -> all.forEach(Awaited::start));
    }

    /** Ends all of them. */
    public void close() {
        closed = true;
        timers.forEach(Cancellable::cancel);
        preparations.forEach(Preparation::close);
    }

    /** One of them on its way. */
    private final class Awaited implements Preparation.Outcome {
        private final Preparation preparation;
        private final Consumer<String> refuse;
        private final Warmup.@Nullable Target target;
        private boolean settled;

        Awaited(Preparation preparation, Warmup warmup, Consumer<String> refuse) {
            this.preparation = preparation;
            this.refuse = refuse;
            this.target = preparation.waiting().waits() ? warmup.expect(preparation.name()) : null;
        }

        void start() {
            if (closed) {
                return;
            }
            try {
                preparation.start(scope, this);
            } catch (RuntimeException e) {
                LOG.error("{} could not be started", preparation.name(), e);
                failed(e.toString());
            }
        }

        void limit() {
            Duration atMost = preparation.waiting().atMost();
            if (target != null && atMost != null) {
                timers.add(scope.schedule(atMost, () -> failed("not ready after " + atMost)));
            }
        }

        @Override
        public void ready() {
            if (!settled && !closed) {
                settled = true;
                letGo();
            }
        }

        @Override
        public void failed(String why) {
            if (settled || closed) {
                return;
            }
            settled = true;
            LOG.warn("{}: {}", preparation.name(), why);
            if (target == null || preparation.waiting().servesWithout()) {
                letGo();
            } else {
                refuse.accept(preparation.name() + ": " + why);
            }
        }

        private void letGo() {
            if (target != null) {
                target.ready();
            }
        }
    }
}
