package dev.attache.config.extension.jar;

import com.google.protobuf.Message;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.worker.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The extensions that users' jars bring, beside those that come with the proxy: which are loaded,
 * and what has changed in the directory since. Whoever compiles configurations asks {@link
 * #registry} and {@link #types}, which are the same objects as long as the process lives. After the
 * start used on one thread, but for what {@link #reading} gives.
 */
public final class UserExtensions {

    /** Hears what is loaded and what is not, a line each. */
    public interface Journal {
        void loaded(String line);

        void refused(String line);
    }

    private final List<ServiceKind<?>> kinds;
    private final ClassLoader engine;
    private final @Nullable ExtensionDirectory directory;
    private final Journal journal;
    private final ExtensionRegistry registry;
    private final TypeRegistry types;
    private final AtomicLong generations = new AtomicLong();
    private final SortedMap<Path, HeldJar> jars = new TreeMap<>();

    /**
     * @param kinds what service files may name
     * @param engine loads the proxy's own classes; extensions on its class path are taken too, and
     *     stay
     * @param directory of users' jars, or null
     * @param types learns the messages of users' extensions
     */
    public UserExtensions(
            List<? extends ExtensionEntry> builtIn,
            List<? extends ServiceKind<?>> kinds,
            ClassLoader engine,
            @Nullable Path directory,
            TypeRegistry types,
            Journal journal) {
        this.kinds = List.copyOf(kinds);
        this.engine = engine;
        this.directory = directory == null ? null : new ExtensionDirectory(directory);
        this.types = types;
        this.journal = journal;
        this.registry = new ExtensionRegistry(builtIn);
        new ClassPathExtensions(this.kinds, engine, registry, types, journal).load();
        for (Path changed : changed(true)) {
            ExtensionUpdate update = reading(changed).get();
            if (update != null) {
                adopt(update);
            }
        }
    }

    /** All extensions as they are now. */
    public ExtensionRegistry registry() {
        return registry;
    }

    /** The messages of all extensions as they are now. */
    public TypeRegistry types() {
        return types;
    }

    /**
     * What lies in the directory and is not what was read last, by its path: new, changed or gone.
     *
     * @param atOnce whether it counts at once; otherwise only when a second look finds it
     *     unchanged, as whoever copies it may not be done
     */
    public List<Path> changed(boolean atOnce) {
        List<Path> changed = new ArrayList<>();
        SortedMap<Path, ExtensionDirectory.Place> places = look();
        if (places == null) {
            return changed;
        }
        places.forEach((path, place) -> {
            HeldJar jar = jars.computeIfAbsent(path, HeldJar::new);
            if (jar.sees(place, atOnce)) {
                changed.add(path);
            }
        });
        jars.forEach((path, jar) -> {
            if (!places.containsKey(path) && jar.sees(null, atOnce)) {
                changed.add(path);
            }
        });
        return changed;
    }

    private @Nullable SortedMap<Path, ExtensionDirectory.Place> look() {
        ExtensionDirectory there = directory;
        if (there == null) {
            return null;
        }
        try {
            return there.look();
        } catch (IOException e) {
            journal.refused("cannot look for extensions: " + e);
            return null;
        }
    }

    /**
     * What loads that which lies at a path, as {@link #changed} has found it, on whichever thread:
     * one at a time, since what it finds stands on what serves now. It gives null where the content
     * is what serves, or nothing lies there any more.
     */
    public Supplier<@Nullable ExtensionUpdate> reading(Path path) {
        HeldJar held = jars.get(path);
        ExtensionDirectory.Place place = held == null ? null : held.place();
        if (held == null || place == null) {
            return () -> null;
        }
        String serving = held.sha256();
        List<ExtensionEntry> entries = held.entries();
        Map<ExtensionKey, String> owners = new HashMap<>();
        jars.values().forEach(each -> each.tellOwner(owners));
        return () -> read(place, serving, entries, owners);
    }

    private @Nullable ExtensionUpdate read(
            ExtensionDirectory.Place place,
            String serving,
            List<ExtensionEntry> entries,
            Map<ExtensionKey, String> owners) {
        try {
            ExtensionJar jar =
                    ExtensionJar.load(place, kinds, engine, generations.incrementAndGet());
            return jar.sha256().equals(serving) ? null : update(entries, jar, owners);
        } catch (IOException e) {
            String why =
                    "cannot load the extensions of %s: %s; correct or remove that jar"
                            .formatted(place.path(), e.getMessage());
            return new ExtensionUpdate(
                    place.path(), null, List.of(), List.of(why), registry, types);
        }
    }

    private ExtensionUpdate update(
            List<ExtensionEntry> entries, ExtensionJar jar, Map<ExtensionKey, String> owners) {
        Set<ExtensionKey> before = new HashSet<>();
        List<Message> prototypes = new ArrayList<>();
        for (ExtensionEntry entry : entries) {
            before.add(entry.key());
            prototypes.add(entry.compiler().prototype());
        }
        FactoryCheck check =
                new FactoryCheck(registry.replacing(before, List.of(), 0).all(), owners);
        List<String> refused = new ArrayList<>();
        jar.refused().forEach(why -> refused.add(line(jar.path(), why)));
        List<ExtensionJar.Factory> taken = new ArrayList<>();
        for (ExtensionJar.Factory factory : jar.factories()) {
            try {
                check.take(factory);
                taken.add(factory);
            } catch (Throwable thrown) {
                Faults.contain(thrown);
                String why = factory.type() + ": " + ExtensionJar.reason(thrown);
                refused.add(line(jar.path(), why));
            }
        }
        return new ExtensionUpdate(
                jar.path(),
                jar,
                taken,
                refused,
                registry.replacing(before, check.entries(), jar.generation()),
                types.replacing(prototypes, check.prototypes()));
    }

    /** Why a class is not taken, and what to do. */
    static String line(Object jar, String why) {
        int colon = why.indexOf(": ");
        return "cannot load the extension %s of %s: %s; correct or remove that jar"
                .formatted(why.substring(0, colon), jar, why.substring(colon + 2));
    }

    /** What lies at a path is what serves: nothing is to be done. */
    public void keep(Path path) {
        HeldJar held = jars.get(path);
        if (held != null) {
            held.keep();
        }
    }

    /**
     * Puts a version in the place of the one before it. What could not be had of it is told, and
     * where that is all, it is only that.
     */
    public void adopt(ExtensionUpdate update) {
        HeldJar held = jars.computeIfAbsent(update.path(), HeldJar::new);
        update.refused().forEach(journal::refused);
        ExtensionJar jar = update.jar();
        if (jar == null) {
            held.refuse(update.refused());
            return;
        }
        registry.adopt(update.registry());
        types.adopt(update.types());
        held.serve(jar, update.factories(), update.refused());
        journal.loaded(
                "extensions of %s, generation %d, sha256 %s: %s"
                        .formatted(
                                jar.path(),
                                jar.generation(),
                                jar.sha256(),
                                update.factories().isEmpty()
                                        ? "none: no META-INF/services/ of it names a factory; a library"
                                                + " belongs in a directory with the jar that uses it"
                                        : text(update.factories())));
    }

    private static String text(List<ExtensionJar.Factory> factories) {
        List<String> all = new ArrayList<>();
        factories.forEach(factory -> all.add(factory.text()));
        return String.join("; ", all);
    }

    /**
     * Leaves the version that serves, as a new one cannot take its place.
     *
     * @param update the new one, as far as it came
     */
    public void refuse(Path path, @Nullable ExtensionUpdate update, List<String> why) {
        HeldJar held = jars.get(path);
        why.forEach(journal::refused);
        if (held != null) {
            held.refuse(why);
            held.forget(update == null ? null : update.jar());
        }
    }

    /**
     * Takes what a jar brought out of the registry, as it is gone: what uses it goes on, new
     * configurations do not find it. False where something lies there again.
     */
    public boolean remove(Path path) {
        HeldJar held = jars.get(path);
        if (held == null || held.place() != null) {
            return false;
        }
        Set<ExtensionKey> keys = new HashSet<>();
        List<Message> prototypes = new ArrayList<>();
        for (ExtensionEntry entry : held.entries()) {
            keys.add(entry.key());
            prototypes.add(entry.compiler().prototype());
        }
        registry.adopt(registry.replacing(keys, List.of(), 0));
        types.adopt(types.replacing(prototypes, List.of()));
        held.remove();
        return true;
    }

    /** Which loading of a jar serves; 0 where none does. */
    public long generation(Path path) {
        HeldJar held = jars.get(path);
        return held == null ? 0 : held.generation();
    }

    /** Whether there may be changes. */
    public boolean watches() {
        return directory != null;
    }

    /** Every jar that is there, or was and is used still, in order. */
    public List<ExtensionStatus> status() {
        Map<Path, ExtensionStatus> all = new LinkedHashMap<>();
        jars.values().removeIf(HeldJar::isForgotten);
        jars.forEach((path, jar) -> all.put(path, jar.status()));
        return List.copyOf(all.values());
    }
}
