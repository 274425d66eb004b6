package dev.attache.server.plane.version;

import com.google.protobuf.Any;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A root's name with the versions under it: one that serves, one that warms to take its place, and
 * what was last refused. Main loop only.
 *
 * @param <V> what its store holds for one version
 */
public final class VersionedResource<V extends VersionedResource.Version> {

    /** One version of a resource with what it holds. */
    public interface Version {
        StoredVersion stored();

        /** Of the users' extensions that it was compiled by. */
        List<Long> generations();

        /** What it waits for before it may serve. */
        Warmup warmup();

        /** Gives back all that it holds; it is not going to serve any more. */
        void close();

        /** As {@link #close}, once what it served has drained. */
        default void closeDrained() {
            close();
        }
    }

    /** How many resources of one type serve and how many warm, kept as they change. */
    static final class Census {
        private int active;
        private int warming;

        public int active() {
            return active;
        }

        public int warming() {
            return warming;
        }
    }

    private final String name;
    private final boolean isStatic;
    private final Census census;
    private final List<Warmup.Target> settled = new ArrayList<>();
    private @Nullable V active;
    private @Nullable V warming;
    private @Nullable StoredError error;
    private boolean hadVersion;

    /**
     * @param isStatic whether it is the bootstrap's, which no control plane changes
     * @param census counts it while it serves or warms
     */
    VersionedResource(String name, boolean isStatic, Census census) {
        this.name = name;
        this.isStatic = isStatic;
        this.census = census;
    }

    public String name() {
        return name;
    }

    public boolean isStatic() {
        return isStatic;
    }

    /** What serves, or null. */
    public @Nullable V active() {
        return active;
    }

    /** What is not warm yet, or null. */
    public @Nullable V warming() {
        return warming;
    }

    public @Nullable V newest() {
        return warming == null ? active : warming;
    }

    /** The newest version has these very bytes. */
    boolean carries(Any body) {
        V newest = newest();
        return newest != null && newest.stored().body().equals(body);
    }

    /** The version that serves has these very bytes. */
    boolean serves(Any body) {
        V serving = active;
        return serving != null && serving.stored().body().equals(body);
    }

    /** What {@code /config_dump} shows. */
    StoredResource stored() {
        return new StoredResource(
                name,
                isStatic,
                active == null ? null : active.stored(),
                warming == null ? null : warming.stored(),
                error);
    }

    /** A version was refused; those that are here stay. */
    public void refuse(StoredVersion refused, Instant at, String reason) {
        error = new StoredError(refused.body(), refused.version(), at, reason);
    }

    public void clearError() {
        error = null;
    }

    @Nullable StoredError error() {
        return error;
    }

    /** What was refused before stays so: what came since is another version of the same content. */
    void keepError(@Nullable StoredError refused) {
        error = refused;
    }

    /** Whether any version was ever accepted. */
    public boolean hadVersion() {
        return hadVersion;
    }

    void noteVersion() {
        hadVersion = true;
    }

    /** Another version warms from now on; one that was not warm yet is not wanted any more. */
    public void warm(@Nullable V next) {
        V old = warming;
        hold(active, next);
        if (old != null) {
            old.close();
        }
    }

    /** Puts the warming version in the place of the active one; returns that one, or null. */
    public @Nullable V promote() {
        V old = active;
        hold(warming, null);
        return old;
    }

    /** The active version could not be put to work after all; another one stays, or none. */
    public void fallBack(@Nullable V previous) {
        hold(previous, warming);
    }

    private void hold(@Nullable V nextActive, @Nullable V nextWarming) {
        census.active += present(nextActive) - present(active);
        census.warming += present(nextWarming) - present(warming);
        active = nextActive;
        warming = nextWarming;
    }

    private static int present(@Nullable Object version) {
        return version == null ? 0 : 1;
    }

    /** Tells when nothing is warming; at once if nothing is. */
    public void whenSettled(Warmup.Target target) {
        if (warming == null) {
            target.ready();
        } else {
            settled.add(target);
        }
    }

    /** Nothing is warming any more: lets go of those that waited for that. */
    public void settle() {
        List<Warmup.Target> ready = new ArrayList<>(settled);
        settled.clear();
        ready.forEach(Warmup.Target::ready);
    }

    /** Closes what is warming now, and what serves once workers do not use it any more. */
    void drop(Publisher publisher) {
        warm(null);
        V old = active;
        hold(null, warming);
        if (old != null) {
            publisher.afterPublishing(old::closeDrained);
        }
        settle();
    }
}
