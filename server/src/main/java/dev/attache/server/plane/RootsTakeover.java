package dev.attache.server.plane;

import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A response of clusters or listeners on its way into their store: first each of its resources is
 * read, which may refuse the whole, then one after the other is taken or removed. Main loop only.
 */
abstract class RootsTakeover implements Takeover {

    /** What came and was not removed, by name in order. */
    final List<XdsResource> changed;

    /** Why resources were refused, by name. */
    final Map<String, String> errors = new LinkedHashMap<>();

    private final VersionedResources<?, ?> roots;
    private final Iterator<XdsResource> unread;
    private final Iterator<Runnable> pieces;
    private final Set<String> seen = new HashSet<>();
    private @Nullable Lease begun;

    /**
     * @param removalsFirst whether what is removed makes room for what comes
     */
    RootsTakeover(
            VersionedResources<?, ?> roots,
            List<XdsResource> changed,
            List<String> removed,
            boolean removalsFirst) {
        this.roots = roots;
        this.changed = changed;
        this.unread = changed.iterator();
        Stream<Runnable> takes = changed.stream().map(resource -> () -> take(resource));
        Stream<Runnable> removals = removed.stream().map(name -> () -> remove(name));
        this.pieces =
                (removalsFirst ? Stream.concat(removals, takes) : Stream.concat(takes, removals))
                        .iterator();
    }

    /** All of it can be read; what this returns is held until all is taken. */
    abstract Lease begin();

    abstract void remove(String name);

    /** All has been taken and removed; nothing is held back any more. */
    abstract UpdateOutcome end();

    /** Refuses the response as a whole. */
    abstract UpdateOutcome refuse(String reason);

    /** All has been taken and removed; what {@link #begin} gave is still held. */
    void taken() {}

    @Override
    public final @Nullable UpdateOutcome step() {
        if (unread.hasNext()) {
            String problem = roots.unreadable(unread.next());
            return problem == null ? null : refuse(problem);
        }
        boolean more = false;
        try {
            more = takeNext();
        } finally {
            if (!more && begun != null) {
                begun.close();
            }
        }
        return more ? null : end();
    }

    /** False when nothing was left to take. */
    private boolean takeNext() {
        if (begun == null) {
            begun = begin();
        }
        if (pieces.hasNext()) {
            pieces.next().run();
            return true;
        }
        taken();
        return false;
    }

    private void take(XdsResource resource) {
        String problem = roots.take(resource, seen);
        if (problem != null) {
            errors.merge(resource.name(), problem, (first, second) -> first + ", " + second);
        }
    }
}
