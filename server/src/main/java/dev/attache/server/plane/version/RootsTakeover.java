package dev.attache.server.plane.version;

import com.google.protobuf.Message;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.version.VersionedResources.Reading;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A response of clusters or listeners on its way into their store: first each of its resources is
 * read, which may refuse the whole, then one after the other is taken or removed. Main loop only;
 * what is large is read and compiled beside it.
 */
public abstract class RootsTakeover<M extends Message, C> implements Takeover {

    /** What came and was not removed, by name in order. */
    protected final List<XdsResource> changed;

    /** Why resources were refused, by name. */
    protected final Map<String, String> errors = new LinkedHashMap<>();

    private final VersionedResources<M, C, ?> roots;
    private final boolean removalsFirst;
    private final Iterator<XdsResource> unread;

    /** One that is large, on its way. */
    private @Nullable CompletableFuture<Reading<M>> reading;

    /** Of the next one to be taken, if that is large. */
    private @Nullable CompletableFuture<C> compiling;

    private final Queue<Reading<M>> untaken = new ArrayDeque<>();
    private final Iterator<String> unremoved;
    private final Set<String> seen = new HashSet<>();
    private @Nullable Lease begun;

    /** Nothing is left to take or to remove. */
    private boolean allTaken;

    /**
     * @param removalsFirst whether what is removed makes room for what comes
     */
    protected RootsTakeover(
            VersionedResources<M, C, ?> roots,
            List<XdsResource> changed,
            List<String> removed,
            boolean removalsFirst) {
        this.roots = roots;
        this.changed = changed;
        this.removalsFirst = removalsFirst;
        this.unread = changed.iterator();
        this.unremoved = removed.iterator();
    }

    /** All of it can be read; what this returns is held until all is taken. */
    protected abstract Lease begin();

    protected abstract void remove(String name);

    /**
     * All has been taken and removed; nothing is held back any more. Null for more of it to do: it
     * is called again.
     */
    protected abstract @Nullable UpdateOutcome end();

    /** Refuses the response as a whole. */
    protected abstract UpdateOutcome refuse(String reason);

    /** All has been taken and removed; what {@link #begin} gave is still held. */
    protected void taken() {}

    @Override
    public final @Nullable UpdateOutcome step() {
        if (reading != null || unread.hasNext()) {
            return read();
        }
        if (!allTaken) {
            boolean more = false;
            try {
                more = takeNext();
            } finally {
                if (!more && begun != null) {
                    begun.close();
                }
            }
            allTaken = !more;
        }
        return allTaken ? end() : null;
    }

    private @Nullable UpdateOutcome read() {
        CompletableFuture<Reading<M>> next = reading == null ? roots.read(unread.next()) : reading;
        if (!next.isDone()) {
            reading = next;
            return null;
        }
        reading = null;
        Reading<M> read = CompileThread.result(next);
        untaken.add(read);
        return read.problem() == null ? null : refuse(read.problem());
    }

    @Override
    public final @Nullable CompletableFuture<?> awaits() {
        return reading != null ? reading : compiling;
    }

    /** False when nothing was left to take. */
    private boolean takeNext() {
        if (begun == null) {
            begun = begin();
        }
        if (removalsFirst && unremoved.hasNext()) {
            remove(unremoved.next());
            return true;
        }
        Reading<M> next = untaken.peek();
        if (next != null) {
            take(next);
            return true;
        }
        if (unremoved.hasNext()) {
            remove(unremoved.next());
            return true;
        }
        taken();
        return false;
    }

    private void take(Reading<M> reading) {
        CompletableFuture<C> compiled =
                compiling != null ? compiling : roots.compile(reading, seen);
        if (compiled != null && !compiled.isDone()) {
            compiling = compiled;
            return;
        }
        compiling = null;
        untaken.remove();
        String problem = roots.take(reading, seen, compiled);
        if (problem != null) {
            errors.merge(
                    reading.resource().name(), problem, (first, second) -> first + ", " + second);
        }
    }
}
