package dev.attache.server.extension;

import dev.attache.config.extension.jar.ExtensionStatus;
import dev.attache.config.extension.jar.ExtensionUpdate;
import dev.attache.config.extension.jar.UserExtensions;
import dev.attache.proxy.worker.Faults;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.xds.MainLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new versions of users' jars into use without a restart. The directory is looked at once a
 * second; a file that has stayed as it is for that long is loaded beside the main loop, and what
 * uses the version before it is compiled with it there. If all of that is accepted, it is published
 * as any update is, otherwise everything stays as it was. One jar after the other. Main loop only.
 */
public final class ExtensionReload {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** What was being compiled by the old code when the new one came is compiled again then. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(2);

    private final UserExtensions extensions;
    private final ExtensionUsers users;
    private final MainLoop loop;
    private final Executor compiling;
    private final Duration drainTime;
    private final Runnable tidying;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    /**
     * @param compiling where jars are loaded and their users compiled
     * @param drainTime how long streams of an old version may go on beside the new one
     * @param tidying lets go of what nobody uses any more, from time to time
     */
    public ExtensionReload(
            UserExtensions extensions,
            ExtensionUsers users,
            MainLoop loop,
            Executor compiling,
            Duration drainTime,
            Runnable tidying) {
        this.extensions = extensions;
        this.users = users;
        this.loop = loop;
        this.compiling = compiling;
        this.drainTime = drainTime;
        this.tidying = tidying;
    }

    /** Looks at the directory from now on. */
    public void start() {
        if (extensions.watches()) {
            loop.schedule(INTERVAL, this::look);
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        tidying.run();
        take(extensions.changed(false));
        loop.schedule(INTERVAL, this::look);
    }

    /** {@code POST /extensions/reload}: looks now, and takes what lies there as it is. */
    public List<Path> reload() {
        List<Path> changed = extensions.changed(true);
        take(changed);
        return changed;
    }

    /** Every jar, for {@code /extensions}. */
    public List<ExtensionStatus> status() {
        return extensions.status();
    }

    /** What uses one loading of a jar. */
    public List<String> usersOf(long generation) {
        return generation == 0
                ? List.of()
                : users.of(generation).stream().map(Recompilation::resource).toList();
    }

    /** Nothing is taken any more. */
    public void close() {
        closed = true;
        waiting.clear();
    }

    private void take(List<Path> changed) {
        for (Path path : changed) {
            waiting.add(() -> take(path));
        }
        next();
    }

    private void next() {
        if (!busy && !closed) {
            Runnable task = waiting.poll();
            if (task != null) {
                busy = true;
                task.run();
            }
        }
    }

    private void done() {
        busy = false;
        next();
    }

    private void take(Path path) {
        long before = extensions.generation(path);
        List<Recompilation> affected = before == 0 ? List.of() : users.of(before);
        if (extensions.remove(path)) {
            LOG.warn(
                    "{} is gone; {}",
                    path,
                    affected.isEmpty()
                            ? "nothing uses it"
                            : "what uses it serves on, new configurations do not find it: "
                                    + resources(affected));
            done();
            return;
        }
        Supplier<@Nullable ExtensionUpdate> reading = extensions.reading(path);
        compiling.execute(() -> {
            Attempt attempt = attempt(path, reading, affected, before != 0);
            loop.execute(() -> end(attempt, before));
        });
    }

    private static String resources(List<Recompilation> all) {
        return String.join(", ", all.stream().map(Recompilation::resource).toList());
    }

    /**
     * What came of it.
     *
     * @param update null where there is nothing to do
     * @param refused why the new version is not taken; empty where it is
     */
    private record Attempt(
            Path path,
            @Nullable ExtensionUpdate update,
            List<Recompilation> compiled,
            List<String> refused) {}

    /** On the thread that compiles. */
    private Attempt attempt(
            Path path,
            Supplier<@Nullable ExtensionUpdate> reading,
            List<Recompilation> affected,
            boolean hasVersion) {
        List<Recompilation> compiled = new ArrayList<>();
        ExtensionUpdate update = null;
        List<String> refused = new ArrayList<>();
        try {
            update = reading.get();
            if (update != null && (update.jar() == null || hasVersion)) {
                // A part of a version that serves is no less a part when it is replaced.
                refused.addAll(update.refused());
            }
            if (update != null && refused.isEmpty()) {
                for (Recompilation each : affected) {
                    compiled.add(each);
                    compile(each, update);
                    String problem = each.problem();
                    if (problem != null) {
                        refused.add(
                                "%s does not suit %s: %s"
                                        .formatted(path, each.resource(), problem));
                    }
                }
            }
        } catch (Throwable thrown) {
            Faults.contain(thrown);
            LOG.error("loading {} failed", path, thrown);
            refused.add("cannot load %s: %s".formatted(path, Faults.text(thrown)));
        }
        return new Attempt(path, update, compiled, refused);
    }

    private void compile(Recompilation each, ExtensionUpdate update) {
        update.trying(
                extensions,
                () -> {
                    each.compile();
                    return true;
                });
    }

    private void end(Attempt attempt, long before) {
        if (closed) {
            attempt.compiled.forEach(Recompilation::giveUp);
            return;
        }
        ExtensionUpdate update = attempt.update;
        if (!attempt.refused.isEmpty()) {
            attempt.compiled.forEach(Recompilation::giveUp);
            extensions.refuse(attempt.path, update, attempt.refused);
            if (before != 0) {
                LOG.warn("{}: generation {} serves on", attempt.path, before);
            }
        } else if (update == null) {
            extensions.keep(attempt.path);
        } else {
            extensions.adopt(update);
            put(attempt.compiled);
            if (before != 0) {
                letGo(before, update);
            }
        }
        done();
    }

    /** What uses the version before is compiled by the new one, though that may be gone by then. */
    private void letGo(long before, ExtensionUpdate update) {
        loop.schedule(STRAGGLERS, () -> later(() -> again(users.of(before), update)));
        loop.schedule(
                drainTime.plus(STRAGGLERS),
                () ->
                        later(() -> {
                            extensions.registry().forgetOlder(before);
                            again(users.sharedOf(before), update);
                        }));
    }

    private void put(List<Recompilation> compiled) {
        for (Recompilation each : compiled) {
            String problem = each.problem() == null ? each.take() : each.problem();
            if (problem != null) {
                LOG.warn("{} stays with the version before: {}", each.resource(), problem);
            }
        }
    }

    /** In its turn: what is tried out must be what is adopted. */
    private void later(Runnable task) {
        if (!closed) {
            waiting.add(task);
            next();
        }
    }

    private void again(List<Recompilation> outdated, ExtensionUpdate update) {
        if (outdated.isEmpty()) {
            done();
            return;
        }
        compiling.execute(() -> {
            for (Recompilation each : outdated) {
                update.using(
                        extensions,
                        () -> {
                            each.compile();
                            return true;
                        });
            }
            loop.execute(() -> {
                if (closed) {
                    outdated.forEach(Recompilation::giveUp);
                } else {
                    put(outdated);
                    done();
                }
            });
        });
    }
}
