package dev.attache.server.plane.version;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.api.Packed;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.stats.Scope;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.history.Change;
import dev.attache.xds.XdsResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All roots of one type by name, in the order in which they came: how a resource becomes a version
 * under its name, what is left of the bootstrap's, and when the first answer of the control plane
 * is settled. What a version is and what it takes to serve is the store's. Main loop only.
 *
 * @param <M> the resource's message
 * @param <C> what a message is compiled to
 * @param <V> what the store holds for one version
 */
public final class VersionedResources<M extends Message, C, V extends VersionedResource.Version> {

    /** What sets one type of root apart from the other; its store. */
    public interface Type<M, C, V extends VersionedResource.Version> {
        String nameOf(M message);

        /** Any thread. */
        M parse(ByteString body) throws InvalidProtocolBufferException;

        /** The bootstrap has that name; null to pass the newcomer over, or why it is refused. */
        @Nullable String keepStatic(String name, boolean newcomerIsStatic);

        /**
         * Compiles a message. On the main loop, or another thread where the resource is large.
         *
         * @param found by a walk over the message; null for one of the bootstrap, which was walked
         *     over with it
         */
        C compile(String name, M message, @Nullable Findings found);

        /** Why what was compiled is refused, or null. */
        @Nullable String problem(C compiled);

        /** What was compiled is not opened. */
        void discard(C compiled);

        /**
         * Whether a newcomer is what serves already, so that what was warming is not wanted any
         * more.
         */
        default boolean isBack(VersionedResource<V> resource, StoredVersion stored) {
            return false;
        }

        /**
         * Makes a version that is to warm; null, or why it is refused.
         *
         * @param compiled what {@link #compile} makes of the message: now, or it is there already
         */
        @Nullable String open(
                VersionedResource<V> resource,
                M message,
                Supplier<C> compiled,
                StoredVersion stored);

        /** Whether what is refused counts as added or modified all the same. */
        default boolean countsRefused() {
            return false;
        }

        /** A version was refused; the reason stands in its error state already. */
        default void refused(String name, String problem) {}

        /**
         * A version was accepted, counted and is listed under its name.
         *
         * @param first whether there was none of that name before
         */
        void accepted(VersionedResource<V> resource, boolean first);
    }

    private final String noun;
    private final PlaneContext plane;
    private final Scope scope;
    private final BiFunction<Message, ByteString, Findings> checker;
    private final Type<M, C, V> type;
    private final Map<String, VersionedResource<V>> byName = new LinkedHashMap<>();

    /** The bootstrap's, which are compiled by their place in it. */
    private final Map<String, M> statics = new HashMap<>();

    private final VersionedResource.Census census = new VersionedResource.Census();
    private final List<Runnable> onFirstUpdate = new ArrayList<>();
    private boolean answered;
    private int taken;
    private String version = "";

    /**
     * @param noun what stats and messages call such a resource
     * @param checker walks over a message and the bytes that it was read from, on any thread
     * @param scope holds the counters {@code <noun>_added}, {@code _modified} and {@code _removed}
     */
    public VersionedResources(
            String noun,
            PlaneContext plane,
            Scope scope,
            BiFunction<Message, ByteString, Findings> checker,
            Type<M, C, V> type) {
        this.noun = noun;
        this.plane = plane;
        this.scope = scope;
        this.checker = checker;
        this.type = type;
    }

    public @Nullable VersionedResource<V> get(String name) {
        return byName.get(name);
    }

    /** All of them as they are now, whatever happens to them meanwhile. */
    public List<VersionedResource<V>> all() {
        return List.copyOf(byName.values());
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        List<StoredResource> stored = new ArrayList<>(byName.size());
        for (VersionedResource<V> resource : byName.values()) {
            stored.add(resource.stored());
        }
        return stored;
    }

    /** {@code version_info} of the last response that was taken. */
    public String version() {
        return version;
    }

    /** A response was taken whole. */
    public void accept(String responseVersion) {
        version = responseVersion;
    }

    /** A view of each version that serves, in order. */
    public <T> Map<String, T> active(Function<V, T> view) {
        Map<String, T> serving = new LinkedHashMap<>();
        byName.forEach((name, resource) -> {
            V active = resource.active();
            if (active != null) {
                serving.put(name, view.apply(active));
            }
        });
        return serving;
    }

    /** A view of each version that serves, in order, without names. */
    public <T> List<T> serving(Function<V, T> view) {
        List<T> serving = new ArrayList<>(byName.size());
        for (VersionedResource<V> resource : byName.values()) {
            V active = resource.active();
            if (active != null) {
                serving.add(view.apply(active));
            }
        }
        return serving;
    }

    /** Resources that are not warm yet, with what they wait for. */
    public Map<String, List<String>> warming() {
        Map<String, List<String>> waiting = new LinkedHashMap<>();
        byName.forEach((name, resource) -> {
            V warming = resource.warming();
            if (warming != null) {
                waiting.put(name, warming.warmup().pending());
            }
        });
        return waiting;
    }

    public int activeCount() {
        return census.active();
    }

    public int warmingCount() {
        return census.warming();
    }

    /** Names of the control plane's that a state of the world leaves out. */
    public List<String> absentFrom(List<XdsResource> world) {
        Set<String> named = new LinkedHashSet<>();
        world.forEach(resource -> named.add(resource.name()));
        return byName.values().stream()
                .filter(r -> !r.isStatic() && !named.contains(r.name()))
                .map(VersionedResource::name)
                .toList();
    }

    /** Adds one of the bootstrap; null, or why it is refused. */
    public @Nullable String addStatic(String name, M message) {
        statics.putIfAbsent(name, message);
        StoredVersion stored = new StoredVersion(Packed.of(message), "", plane.loop().now());
        return update(name, message, () -> type.compile(name, message, null), stored, true);
    }

    /**
     * A resource of a response, read.
     *
     * @param message null where it says what is held already, or cannot be read
     * @param found by a walk over the message
     * @param problem why the response is refused as a whole, before any of it is taken: it cannot
     *     be read, or breaks a constraint of its message. (What is wrong in other ways refuses only
     *     the one resource.)
     */
    record Reading<M>(
            XdsResource resource,
            @Nullable M message,
            @Nullable Findings found,
            @Nullable String problem) {}

    /**
     * Reads a resource: at once where it is a small one or says what is held already, beside the
     * main loop otherwise.
     */
    CompletableFuture<Reading<M>> read(XdsResource resource) {
        VersionedResource<V> known = byName.get(resource.name());
        if (known != null && known.carries(resource.body())) {
            return CompletableFuture.completedFuture(new Reading<>(resource, null, null, null));
        }
        return isLarge(resource)
                ? CompletableFuture.supplyAsync(() -> parse(resource), plane.compiling())
                : CompletableFuture.completedFuture(parse(resource));
    }

    private static boolean isLarge(XdsResource resource) {
        return resource.body().getValue().size() >= CompileThread.LARGE;
    }

    /**
     * Compiles a resource that is going to be taken beside the main loop where it is a large one;
     * null where it is compiled as it is taken, or not at all.
     *
     * @param seen the names that came before it in the response
     */
    @Nullable CompletableFuture<C> compile(Reading<M> reading, Set<String> seen) {
        XdsResource resource = reading.resource();
        M message = reading.message();
        if (message == null || !isLarge(resource) || seen.contains(resource.name())) {
            return null;
        }
        VersionedResource<V> known = byName.get(resource.name());
        if (known != null && (known.isStatic() || known.serves(resource.body()))) {
            return null;
        }
        return CompletableFuture.supplyAsync(
                () -> type.compile(type.nameOf(message), message, reading.found()),
                plane.compiling());
    }

    /** Any thread. */
    Reading<M> parse(XdsResource resource) {
        ByteString bytes = resource.body().getValue();
        try {
            M message = type.parse(bytes);
            Findings found = checker.apply(message, bytes);
            String problem = found.violation(noun + " " + resource.name());
            return new Reading<>(resource, message, found, problem);
        } catch (InvalidProtocolBufferException e) {
            return new Reading<>(resource, null, null, "unreadable resource: " + e.getMessage());
        }
    }

    /**
     * Takes one resource of a response; null, or why it cannot be taken.
     *
     * @param seen the names that came before it in the response; its own is added
     * @param compiled what it was compiled to, or null
     */
    @Nullable String take(
            Reading<M> reading, Set<String> seen, @Nullable CompletableFuture<C> compiled) {
        String name = reading.resource().name();
        return seen.add(name)
                ? update(reading, compiled)
                : "duplicate " + noun + " " + name + " found";
    }

    /** How many resources were new, or differed from what was here, so far. */
    public int taken() {
        return taken;
    }

    private @Nullable String update(Reading<M> reading, @Nullable CompletableFuture<C> compiled) {
        XdsResource resource = reading.resource();
        VersionedResource<V> known = byName.get(resource.name());
        if (known != null && known.carries(resource.body())) {
            known.clearError();
            return null;
        }
        M message = reading.message();
        if (message == null) {
            // It was held when the response came, and has been given up meanwhile.
            Reading<M> again = parse(resource);
            return again.problem() == null ? update(again, null) : again.problem();
        }
        String name = type.nameOf(message);
        return update(
                name,
                message,
                compiled == null
                        ? () -> type.compile(name, message, reading.found())
                        : () -> CompileThread.result(compiled),
                new StoredVersion(resource.body(), resource.version(), plane.loop().now()),
                false);
    }

    private @Nullable String update(
            String name, M message, Supplier<C> compiled, StoredVersion stored, boolean isStatic) {
        VersionedResource<V> known = byName.get(name);
        if (known != null && known.isStatic()) {
            return type.keepStatic(name, isStatic);
        }
        VersionedResource<V> resource =
                known == null ? new VersionedResource<>(name, isStatic, census) : known;
        boolean first = !resource.hadVersion();
        if (type.countsRefused()) {
            count(first);
        }
        String problem =
                type.isBack(resource, stored)
                        ? null
                        : type.open(resource, message, compiled, stored);
        if (problem != null) {
            resource.refuse(stored, stored.updated(), problem);
            type.refused(name, problem);
        }
        if (problem == null || !isStatic) {
            byName.put(name, resource);
        }
        if (problem == null) {
            if (!type.countsRefused()) {
                count(first);
            }
            resource.noteVersion();
            taken++;
            if (!isStatic) {
                plane.history().changed(name, first ? Change.ADDED : Change.CHANGED);
            }
            type.accepted(resource, first);
        }
        return problem;
    }

    private void count(boolean first) {
        scope.counter(noun + (first ? "_added" : "_modified")).inc();
    }

    String noun() {
        return noun;
    }

    Type<M, C, V> type() {
        return type;
    }

    /** One of the bootstrap's, or null. */
    @Nullable M staticMessage(String name) {
        return statics.get(name);
    }

    /** Those whose newest version was compiled by one loading of a user's jar. */
    public List<Recompilation> usersOf(long generation) {
        List<Recompilation> users = new ArrayList<>();
        for (VersionedResource<V> resource : byName.values()) {
            V newest = resource.newest();
            if (newest != null && newest.generations().contains(generation)) {
                users.add(new SameContent<>(this, resource, newest));
            }
        }
        return users;
    }

    /** Removes one of the control plane's and returns it; null if there is none of that name. */
    public @Nullable VersionedResource<V> remove(String name) {
        VersionedResource<V> resource = byName.get(name);
        if (resource == null || resource.isStatic()) {
            return null;
        }
        byName.remove(name);
        resource.drop(plane.publisher());
        if (resource.hadVersion()) {
            plane.history().changed(name, Change.REMOVED);
            scope.counter(noun + "_removed").inc();
        }
        return resource;
    }

    /** Runs once the control plane has answered, or is not waited for, and all is warm. */
    public void whenFirstUpdateSettled(Runnable action) {
        onFirstUpdate.add(action);
    }

    /** Whether the control plane has answered, or is not waited for any longer. */
    public boolean answered() {
        return answered;
    }

    /**
     * The control plane has answered, or is not waited for any longer.
     *
     * @param stage as {@code /init_dump} shows it
     * @param waitFor whether a version that is not warm yet holds up those who wait
     */
    public void settleFirstUpdate(String stage, Predicate<V> waitFor) {
        if (answered) {
            return;
        }
        answered = true;
        Warmup all =
                new Warmup(
                        stage,
                        () -> {
                            onFirstUpdate.forEach(Runnable::run);
                            onFirstUpdate.clear();
                        });
        for (VersionedResource<V> resource : byName.values()) {
            V warming = resource.warming();
            if (warming != null && waitFor.test(warming)) {
                resource.whenSettled(all.expect(noun + " " + resource.name()));
            }
        }
        all.start();
    }

    /** Drops everything, the bootstrap's too. */
    public void close() {
        all().forEach(resource -> resource.drop(plane.publisher()));
        byName.clear();
    }
}
