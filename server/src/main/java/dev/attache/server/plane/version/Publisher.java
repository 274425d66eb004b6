package dev.attache.server.plane.version;

import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.engine.Publication;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.xds.MainLoop;
import dev.attache.xds.Turns;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is warm to the workers, at most once per task of the main loop however much has
 * changed, and hears when they have it; it never waits for them. Main loop only.
 */
public final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** A publication that takes less needs no rest. */
    private static final Duration BRIEF = Duration.ofMillis(2);

    /** After each publication the loop is left to others for this many times what it took. */
    private static final int SHARE = 4;

    private static final Duration LONGEST_REST = Duration.ofMillis(100);

    /** What puts snapshots to work. */
    @FunctionalInterface
    public interface Target {
        /** What follows is told on the main loop. */
        Publication publish(ProxySnapshot next);

        /** Small pieces of its work that can be done before it brings these listeners. */
        default List<Runnable> openings(Collection<ListenerSpec> listeners) {
            return List.of();
        }
    }

    private final MainLoop loop;
    private final Turns openings;
    private final Turns closings;
    private final Supplier<Lease> requestsHeld;
    private final Target engine;

    /** For the next publication. */
    private Queue<Runnable> afterwards = new ArrayDeque<>();

    /** For the next publication, once the workers have been told of it. */
    private Queue<Runnable> whenTold = new ArrayDeque<>();

    /** For each publication that is not adopted, or whose actions have not all run; in order. */
    private final List<Queue<Runnable>> underWay = new ArrayList<>();

    /** What may be opened for the next publication, as far as it is known. */
    private Iterator<Runnable> unopened = Collections.emptyIterator();

    private boolean opening;
    private @Nullable Supplier<Collection<ListenerSpec>> listeners;
    private @Nullable LongFunction<ProxySnapshot> snapshots;
    private @Nullable Consumer<PublishResult> results;
    private long version;
    private boolean requested;
    private boolean scheduled;
    private int holds;
    private long took;
    private long ended;
    private boolean closed;

    /**
     * @param requestsHeld holds back what closing clusters would ask of control planes
     */
    public Publisher(MainLoop loop, Target engine, Supplier<Lease> requestsHeld) {
        this.requestsHeld = requestsHeld;
        this.loop = loop;
        this.openings = new Turns(loop);
        this.closings = new Turns(loop);
        this.engine = engine;
    }

    /**
     * @param serving the listeners of the next snapshot, as it would be now
     * @param from makes the snapshot of a version number
     * @param to hears what could not be put to work: at once what is known at once, the rest when
     *     all workers have moved on
     */
    public void connect(
            Supplier<Collection<ListenerSpec>> serving,
            LongFunction<ProxySnapshot> from,
            Consumer<PublishResult> to) {
        listeners = serving;
        snapshots = from;
        results = to;
    }

    /**
     * Something has changed: it is published in a task of its own, which waits where the
     * configuration is so large that publications would keep the loop busy.
     */
    public void request() {
        if (!requested) {
            requested = true;
            schedule();
        }
    }

    private void schedule() {
        if (scheduled || holds > 0) {
            return;
        }
        scheduled = true;
        long rest = Math.min(SHARE * took, LONGEST_REST.toNanos());
        long wait = ended + rest - loop.nanoTime();
        if (took < BRIEF.toNanos() || wait <= 0) {
            loop.execute(this::publishRequested);
        } else {
            loop.schedule(Duration.ofNanos(wait), this::publishRequested);
        }
    }

    private void publishRequested() {
        scheduled = false;
        if (requested && holds == 0) {
            publishInTurns();
        }
    }

    /**
     * Publishes once all is open that the snapshot adds, in turns of the loop: at once where that
     * is little.
     */
    public void publishInTurns() {
        if (!opening && !closed) {
            opening = true;
            openings.add(this::openOrPublish);
        }
    }

    /** What could not be opened ahead, the publication opens, or says why it cannot. */
    private boolean openOrPublish() {
        boolean more = false;
        try {
            more = openNext();
        } finally {
            opening = more;
            if (!more && requested && holds == 0) {
                publish();
            }
        }
        return !more;
    }

    /** Opens one more listener for the next publication; false where none is left to open. */
    public boolean openNext() {
        if (!unopened.hasNext()) {
            Supplier<Collection<ListenerSpec>> from = listeners;
            unopened =
                    closed || from == null
                            ? Collections.emptyIterator()
                            : engine.openings(from.get()).iterator();
        }
        if (!unopened.hasNext()) {
            return false;
        }
        unopened.next().run();
        return true;
    }

    /** What is requested is not published until the lease is closed. */
    Lease hold() {
        holds++;
        return new OnceLease(() -> {
            holds--;
            if (requested) {
                schedule();
            }
        });
    }

    /** Runs once workers no longer use what the next snapshot does not hold. */
    public void afterPublishing(Runnable action) {
        if (closed) {
            action.run();
        } else {
            afterwards.add(action);
            request();
        }
    }

    /** Runs once workers have been told of the next snapshot, adopted or not. */
    public void whenTold(Runnable action) {
        if (!closed) {
            whenTold.add(action);
            request();
        }
    }

    /** Publishes now, so that what fails at once is known now. */
    public void publish() {
        requested = false;
        LongFunction<ProxySnapshot> from = snapshots;
        Consumer<PublishResult> to = results;
        if (closed || from == null || to == null) {
            return;
        }
        version++;
        long started = loop.nanoTime();
        Queue<Runnable> then = afterwards;
        afterwards = new ArrayDeque<>();
        underWay.add(then);
        Queue<Runnable> told = whenTold;
        whenTold = new ArrayDeque<>();
        Publication publication = engine.publish(from.apply(version));
        ended = loop.nanoTime();
        took = ended - started;
        to.accept(publication.atOnce());
        told.forEach(Runnable::run);
        publication.adopted().thenAccept(result -> adopted(then, result, to));
    }

    private void adopted(Queue<Runnable> then, PublishResult result, Consumer<PublishResult> to) {
        if (!closed) {
            to.accept(result);
            closings.add(new Afterwards(then)::step);
        }
    }

    /** Thousands of clusters may close after one publication; one request says so, not many. */
    private final class Afterwards {
        private final Queue<Runnable> actions;
        private @Nullable Lease quiet;

        Afterwards(Queue<Runnable> actions) {
            this.actions = actions;
        }

        boolean step() {
            if (quiet == null) {
                quiet = requestsHeld.get();
            }
            Runnable action = actions.poll();
            if (action == null) {
                quiet.close();
                underWay.removeIf(each -> each == actions);
                return true;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("what follows a publication failed", e);
            }
            return false;
        }
    }

    /** Publishes no more; the workers have ended. */
    public void close() {
        closed = true;
        openings.close();
        closings.close();
        underWay.forEach(then -> then.forEach(Runnable::run));
        underWay.clear();
        afterwards.forEach(Runnable::run);
        afterwards.clear();
    }
}
