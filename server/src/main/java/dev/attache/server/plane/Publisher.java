package dev.attache.server.plane;

import dev.attache.proxy.engine.ProxySnapshot;
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
 * changed. Main loop only.
 */
final class Publisher {

    private final MainLoop loop;
    private final Function<ProxySnapshot, PublishResult> engine;
    private final List<Runnable> afterwards = new ArrayList<>();
    private @Nullable LongFunction<ProxySnapshot> snapshots;
    private @Nullable Consumer<PublishResult> results;
    private long version;
    private boolean requested;
    private boolean closed;

    /**
     * @param engine puts a snapshot to work; returns when all workers have it
     */
    Publisher(MainLoop loop, Function<ProxySnapshot, PublishResult> engine) {
        this.loop = loop;
        this.engine = engine;
    }

    /**
     * @param from makes the snapshot of a version number
     * @param to hears what could not be put to work
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

    /** Publishes now, so that what fails is known now. */
    void publish() {
        requested = false;
        LongFunction<ProxySnapshot> from = snapshots;
        Consumer<PublishResult> to = results;
        if (closed || from == null || to == null) {
            return;
        }
        version++;
        PublishResult result = engine.apply(from.apply(version));
        List<Runnable> run = new ArrayList<>(afterwards);
        afterwards.clear();
        run.forEach(Runnable::run);
        to.accept(result);
    }

    /** Publishes no more; the workers have ended. */
    void close() {
        closed = true;
        afterwards.forEach(Runnable::run);
        afterwards.clear();
    }
}
