package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of one path: the version that serves, what lies there, what was before. */
final class HeldJar {
    private final Path path;
    private ExtensionDirectory.@Nullable Place place;
    private String seen = "";
    private String read = "";
    private @Nullable ExtensionJar serving;
    private List<ExtensionJar.Factory> factories = List.of();
    private List<String> problems = List.of();
    private ExtensionStatus.State state = ExtensionStatus.State.REFUSED;

    /** Of a jar that is gone: what served last. */
    private long last;

    /** Loaders that nothing of ours holds any more. */
    private final List<WeakReference<ClassLoader>> old = new ArrayList<>();

    HeldJar(Path path) {
        this.path = path;
    }

    /**
     * Takes note of what lies there; true where that is to be read, or is gone.
     *
     * @param now null where nothing lies there
     * @param atOnce whether it need not have lain there before
     */
    boolean sees(ExtensionDirectory.@Nullable Place now, boolean atOnce) {
        place = now;
        String stamp = now == null ? "" : now.stamp();
        boolean still = stamp.equals(seen);
        seen = stamp;
        if (stamp.equals(read) || !(still || atOnce)) {
            return false;
        }
        read = stamp;
        return true;
    }

    /** What lay there at the last look, or null. */
    ExtensionDirectory.@Nullable Place place() {
        return place;
    }

    long generation() {
        ExtensionJar jar = serving;
        return jar == null ? 0 : jar.generation();
    }

    /** Of what serves; empty where nothing does. */
    String sha256() {
        ExtensionJar jar = serving;
        return jar == null ? "" : jar.sha256();
    }

    /** What lies there is what serves. */
    void keep() {
        if (serving != null && state != ExtensionStatus.State.SERVING) {
            state = ExtensionStatus.State.SERVING;
            problems = List.of();
        }
    }

    List<ExtensionEntry> entries() {
        List<ExtensionEntry> all = new ArrayList<>();
        factories.forEach(factory -> all.addAll(factory.entries()));
        return all;
    }

    /** Says who brings each of its extensions. */
    void tellOwner(Map<ExtensionKey, String> owners) {
        for (ExtensionJar.Factory factory : factories) {
            for (ExtensionEntry entry : factory.entries()) {
                owners.put(entry.key(), factory.type() + " of " + path);
            }
        }
    }

    void serve(ExtensionJar jar, List<ExtensionJar.Factory> taken, List<String> refused) {
        forget(serving);
        serving = jar;
        factories = taken;
        problems = refused;
        state = ExtensionStatus.State.SERVING;
    }

    void refuse(List<String> why) {
        problems = why;
        state = ExtensionStatus.State.REFUSED;
    }

    void remove() {
        last = generation();
        forget(serving);
        serving = null;
        factories = List.of();
        problems = List.of();
        state = ExtensionStatus.State.REMOVED;
    }

    /** A loading is not ours any more: who still uses it keeps it. */
    void forget(@Nullable ExtensionJar jar) {
        if (jar != null) {
            old.add(new WeakReference<>(jar.loader()));
        }
    }

    /** Nothing lies there, and nothing of it is left. */
    boolean isForgotten() {
        old.removeIf(loader -> loader.get() == null);
        return place == null && serving == null && old.isEmpty();
    }

    ExtensionStatus status() {
        old.removeIf(loader -> loader.get() == null);
        ExtensionJar jar = serving;
        return new ExtensionStatus(
                path,
                state,
                state == ExtensionStatus.State.REMOVED ? last : generation(),
                sha256(),
                jar == null ? null : jar.loaded(),
                factories,
                problems,
                old.size());
    }
}
