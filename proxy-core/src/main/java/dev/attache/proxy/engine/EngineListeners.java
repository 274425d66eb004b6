package dev.attache.proxy.engine;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.PublishResult.ListenerFailure;
import dev.attache.proxy.listener.InheritedSockets;
import dev.attache.proxy.listener.ListenSockets;
import dev.attache.proxy.listener.OpenListener;
import dev.attache.proxy.listener.WorkerListeners;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.Faults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process as a whole holds of listeners: opened versions and bound sockets, from the
 * moment they are made until neither a worker nor a snapshot that is still to be adopted needs
 * them. Guarded by the engine.
 */
final class EngineListeners {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final StatsStore stats;
    private final List<WorkerListeners> workers;

    /** What every worker has adopted. */
    private Map<String, LiveListener> serving = Map.of();

    /** What the newest snapshot made of it, adopted or not. */
    private Map<String, LiveListener> newest = Map.of();

    /** What openings came to that no snapshot has brought yet, by version. */
    private final Map<ListenerSpec, Opening> ahead = new IdentityHashMap<>();

    private final Set<OpenListener> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ListenSockets> sockets = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean accepting = true;

    /** No listener opens sockets any more. */
    private boolean stopped;

    private InheritedSockets inherited = InheritedSockets.NONE;

    /**
     * @param before the version that the new one was opened beside
     * @param opened null, or what is before, where it could not be opened
     */
    private record Opening(
            @Nullable LiveListener before,
            @Nullable LiveListener opened,
            List<ListenerFailure> failures) {}

    EngineListeners(StatsStore stats, List<WorkerListeners> workers) {
        this.stats = stats;
        this.workers = workers;
    }

    Map<String, LiveListener> serving() {
        return serving;
    }

    /** Those of {@code wanted} that are not open. */
    List<ListenerSpec> unopened(Collection<ListenerSpec> wanted) {
        return wanted.stream().filter(this::isUnopened).toList();
    }

    private boolean isUnopened(ListenerSpec spec) {
        LiveListener old = newest.get(spec.name());
        if (old != null && old.spec() == spec) {
            return false;
        }
        Opening opening = ahead.get(spec);
        return opening == null || opening.before != old;
    }

    /** Opens and binds a listener before the snapshot that brings it. */
    void openAhead(ListenerSpec spec) {
        if (isUnopened(spec)) {
            LiveListener old = newest.get(spec.name());
            List<ListenerFailure> failures = new ArrayList<>();
            forget(ahead.put(spec, new Opening(old, prepare(spec, old, failures), failures)));
        }
    }

    /**
     * Opens and binds what is new in {@code wanted} beside what serves, and closes what was opened
     * ahead and is not in it. A listener that is gone refuses from now on; its connections drain
     * once workers hear of it.
     *
     * @param failures takes what could not be opened or bound; its previous version stays
     */
    Map<String, LiveListener> prepare(
            Map<String, ListenerSpec> wanted, List<ListenerFailure> failures) {
        Map<String, LiveListener> target = new HashMap<>();
        wanted.forEach((name, spec) -> {
            LiveListener old = newest.get(name);
            Opening opening = ahead.remove(spec);
            LiveListener prepared;
            if (opening != null && opening.before == old) {
                failures.addAll(opening.failures);
                prepared = opening.opened;
            } else {
                forget(opening);
                prepared = prepare(spec, old, failures);
            }
            if (prepared != null) {
                target.put(name, prepared);
            }
        });
        newest.forEach((name, old) -> {
            if (!target.containsKey(name)) {
                old.sockets().close();
            }
        });
        newest = target;
        ahead.values().forEach(EngineListeners::forget);
        ahead.clear();
        return new HashMap<>(target);
    }

    /** Nobody hears at its addresses any more; the next adoption closes the rest. */
    private static void forget(@Nullable Opening opening) {
        if (opening == null || opening.opened == null) {
            return;
        }
        ListenSockets sockets = opening.opened.sockets();
        if (opening.before == null || opening.before.sockets() != sockets) {
            sockets.close();
        }
    }

    private @Nullable LiveListener prepare(
            ListenerSpec spec, @Nullable LiveListener old, List<ListenerFailure> failures) {
        if (old != null && old.spec() == spec) {
            return old;
        }
        OpenListener opened = null;
        try {
            OpenListener before =
                    old != null && old.spec().becomesInPlace(spec) ? old.open() : null;
            opened = OpenListener.open(spec, stats, before);
            ListenSockets bound =
                    old != null && ListenSockets.interchangeable(old.spec(), spec)
                            ? old.sockets()
                            : bind(spec);
            open.add(opened);
            sockets.add(bound);
            return new LiveListener(spec, opened, bound);
        } catch (Throwable e) {
            Faults.contain(e);
            if (opened != null) {
                opened.close();
            }
            failures.add(new ListenerFailure(spec, reason(spec, e)));
            return old;
        }
    }

    private ListenSockets bind(ListenerSpec spec) throws IOException {
        return stopped
                ? ListenSockets.none(spec, workers)
                : ListenSockets.bind(spec, workers, inherited);
    }

    /** What is bound from now on looks there first. */
    void inherit(InheritedSockets sockets) {
        inherited = sockets;
    }

    /** Of the sockets that listen at an address. */
    List<Integer> descriptors(String address) {
        for (LiveListener listener : all()) {
            List<Integer> found = listener.sockets().descriptors(address);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static String reason(ListenerSpec spec, Throwable why) {
        if (why instanceof IllegalArgumentException || why instanceof IOException) {
            return String.valueOf(why.getMessage());
        }
        LOG.error("listener '{}' cannot be opened", spec.name(), why);
        return Faults.text(why);
    }

    /** Those of {@code target} that workers have not adopted yet. */
    List<LiveListener> unadopted(Map<String, LiveListener> target) {
        return target.values().stream()
                .filter(listener -> serving.get(listener.spec().name()) != listener)
                .toList();
    }

    /** A worker could not open {@code failed}: what serves is what the next snapshot builds on. */
    void fellBack(LiveListener failed) {
        String name = failed.spec().name();
        if (newest.get(name) == failed) {
            LiveListener before = serving.get(name);
            if (before == null) {
                newest.remove(name);
            } else {
                newest.put(name, before);
            }
        }
    }

    /**
     * Every worker has adopted {@code target}: it accepts, and what nobody needs any more closes.
     */
    CompletableFuture<Void> adopted(Map<String, LiveListener> target) {
        serving = target;
        for (LiveListener listener : serving.values()) {
            if (accepting || listener.spec().bypassOverloadManager()) {
                listener.sockets().accept();
            }
        }
        Set<Object> needed = needed();
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        sockets.removeIf(unneeded(needed, gone -> closing.add(gone.close())));
        open.removeIf(unneeded(needed, OpenListener::close));
        return CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new));
    }

    /** Of what serves, is on its way to the workers, or was opened ahead of that. */
    private Set<Object> needed() {
        Set<Object> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Consumer<LiveListener> keep =
                listener -> {
                    needed.add(listener.open());
                    needed.add(listener.sockets());
                };
        serving.values().forEach(keep);
        newest.values().forEach(keep);
        for (Opening opening : ahead.values()) {
            if (opening.opened != null) {
                keep.accept(opening.opened);
            }
        }
        return needed;
    }

    private static <T> Predicate<T> unneeded(Set<Object> needed, Consumer<T> close) {
        return each -> {
            if (needed.contains(each)) {
                return false;
            }
            close.accept(each);
            return true;
        };
    }

    /** Addresses as bound of what serves. */
    Map<String, List<Address>> bound() {
        Map<String, List<Address>> bound = new HashMap<>();
        serving.forEach((name, listener) -> bound.put(name, listener.sockets().bound()));
        return bound;
    }

    void stop(boolean inboundOnly) {
        stopped |= !inboundOnly;
        for (LiveListener listener : all()) {
            if (!inboundOnly || listener.spec().trafficDirection() == TrafficDirection.INBOUND) {
                listener.sockets().close();
            }
        }
    }

    /** Of listeners that overload concerns. */
    void accepting(boolean enabled) {
        if (accepting == enabled) {
            return;
        }
        accepting = enabled;
        for (LiveListener listener : enabled ? Set.copyOf(serving.values()) : all()) {
            if (listener.spec().bypassOverloadManager()) {
                continue;
            }
            if (enabled) {
                listener.sockets().accept();
            } else {
                listener.sockets().pause();
            }
        }
    }

    private Set<LiveListener> all() {
        Set<LiveListener> all = new HashSet<>(serving.values());
        all.addAll(newest.values());
        return all;
    }

    /** No connection comes any more. */
    void closeSockets() {
        sockets.forEach(ListenSockets::close);
        sockets.clear();
    }

    /** The workers have ended. */
    void closeOpen() {
        open.forEach(OpenListener::close);
        open.clear();
        ahead.clear();
        serving = Map.of();
        newest = Map.of();
    }
}
