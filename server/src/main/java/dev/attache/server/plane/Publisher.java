package dev.attache.server.plane;

import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.engine.Publication;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.xds.MainLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is warm to the workers, at most once per task of the main loop however much has
 * changed, and hears when they have it; it never waits for them. Main loop only.
 */
final class Publisher {

    private final MainLoop loop;
    private final Function<ProxySnapshot, Publication> engine;

    /** For the next publication. */
    private List<Runnable> afterwards = new ArrayList<>();

    /** For each publication under way, in order. */
    private final List<List<Runnable>> underWay = new ArrayList<>();

    private @Nullable LongFunction<ProxySnapshot> snapshots;
    private @Nullable Consumer<PublishResult> results;
    private long version;
    private boolean requested;
    private boolean closed;

    /**
     * @param engine puts a snapshot to work; what follows is told on the main loop
     */
    Publisher(MainLoop loop, Function<ProxySnapshot, Publication> engine) {
        this.loop = loop;
        this.engine = engine;
    }

    /**
     * @param from makes the snapshot of a version number
     * @param to hears what could not be put to work: at once what is known at once, the rest when
     *     all workers have moved on
     */
    void connect(LongFunction<ProxySnapshot> from, Consumer<PublishResult> to) {
        snapshots = from;
        results = to;
    }

    /** Something has changed. */
    void request() {
        if (!requested) {
            requested = true;
            loop.execute(() -> {
                if (requested) {
                    publish();
                }
            });
        }
    }

    /** Runs once workers no longer use what the next snapshot does not hold. */
    void afterPublishing(Runnable action) {
        if (closed) {
            action.run();
        } else {
            afterwards.add(action);
            request();
        }
    }

    /** Publishes now, so that what fails at once is known now. */
    void publish() {
        requested = false;
        LongFunction<ProxySnapshot> from = snapshots;
        Consumer<PublishResult> to = results;
        if (closed || from == null || to == null) {
            return;
        }
        version++;
        List<Runnable> then = afterwards;
        afterwards = new ArrayList<>();
        underWay.add(then);
        Publication publication = engine.apply(from.apply(version));
        to.accept(publication.atOnce());
        publication.adopted().thenAccept(result -> adopted(then, result, to));
    }

    private void adopted(List<Runnable> then, PublishResult result, Consumer<PublishResult> to) {
        if (!closed) {
            underWay.removeIf(each -> each == then);
            to.accept(result);
            then.forEach(Runnable::run);
        }
    }

    /** Publishes no more; the workers have ended. */
    void close() {
        closed = true;
        underWay.forEach(then -> then.forEach(Runnable::run));
        underWay.clear();
        afterwards.forEach(Runnable::run);
        afterwards.clear();
    }
}
