package dev.attache.server.plane.history;

import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateJournal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What control planes sent, what it changed and what that made leave: of each type the last {@value
 * #KEPT} responses with at most {@value Names#KEPT} names for each kind of change. Main loop only.
 */
public final class XdsHistory implements UpdateJournal {

    /** How many responses of each type are kept. */
    public static final int KEPT = 32;

    private final Supplier<Instant> clock;
    private final Set<HeldStream> streams = new LinkedHashSet<>();
    private final Map<String, ArrayDeque<HeldUpdate>> updates = new LinkedHashMap<>();
    private @Nullable HeldUpdate current;

    public XdsHistory(Supplier<Instant> clock) {
        this.clock = clock;
    }

    @Override
    public UpdateJournal.Stream stream(String controlPlane, String protocol) {
        HeldStream stream = new HeldStream(this, controlPlane, protocol, protocol.equals("file"));
        streams.add(stream);
        return stream;
    }

    /**
     * A store took something over. Where no response is being taken over, it is the doing of none
     * of them (a time to live that is over), and is not kept.
     */
    public void changed(String name, Change change) {
        HeldUpdate update = current;
        if (update != null) {
            update.changed(name, change);
        }
    }

    /**
     * Something leaves: booked on the newest response that may have caused it.
     *
     * @param kind as of {@link Drain}
     */
    public void drained(ResourceType type, String kind, String name, int count, long connections) {
        Drain drain = new Drain(now(), kind, name, count, connections);
        for (HeldUpdate update : updates.getOrDefault(type.shortName(), new ArrayDeque<>())) {
            if (update.mayHaveReplaced(name)) {
                update.drained(drain);
                return;
            }
        }
    }

    /** A watcher of single resources, whose changes are noted for it. */
    public ResourceWatcher noting(ResourceWatcher watcher) {
        return new NotedWatcher(watcher, this);
    }

    /** What is known now. */
    public XdsSnapshot snapshot() {
        List<XdsSnapshot.Update> all = new ArrayList<>();
        updates.values().forEach(each -> each.forEach(update -> all.add(update.view())));
        all.sort(Comparator.comparing(XdsSnapshot.Update::at).reversed());
        return new XdsSnapshot(streams.stream().map(HeldStream::view).toList(), all);
    }

    Instant now() {
        return clock.get();
    }

    void current(@Nullable HeldUpdate update) {
        current = update;
    }

    void keep(String type, HeldUpdate update) {
        ArrayDeque<HeldUpdate> kept = updates.computeIfAbsent(type, name -> new ArrayDeque<>());
        kept.addFirst(update);
        if (kept.size() > KEPT) {
            kept.removeLast();
        }
    }

    void forget(HeldStream stream) {
        streams.remove(stream);
    }
}
