package dev.attache.server.plane.history;

import dev.attache.xds.UpdateJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One response as it becomes known. Main loop only. */
final class HeldUpdate implements UpdateJournal.Response {

    private static final int DRAINS = Names.KEPT;

    private final XdsHistory history;
    private final HeldStream stream;
    private final String type;
    private final String version;
    private final String nonce;
    private final int resources;
    private final Names.Collected added = new Names.Collected();
    private final Names.Collected changed = new Names.Collected();
    private final Names.Collected removed = new Names.Collected();
    private final List<Drain> drained = new ArrayList<>();
    private @Nullable Instant began;
    private @Nullable Duration took;
    private @Nullable String error;

    HeldUpdate(
            XdsHistory history,
            HeldStream stream,
            String type,
            String version,
            String nonce,
            int resources) {
        this.history = history;
        this.stream = stream;
        this.type = type;
        this.version = version;
        this.nonce = nonce;
        this.resources = resources;
    }

    @Override
    public void enter() {
        begin();
        history.current(this);
    }

    private Instant begin() {
        Instant at = began;
        if (at == null) {
            at = history.now();
            began = at;
            history.keep(type, this);
        }
        return at;
    }

    @Override
    public void leave() {
        history.current(null);
    }

    @Override
    public void answered(@Nullable String problem) {
        Instant now = history.now();
        took = Duration.between(begin(), now);
        error = problem;
        stream.answered(type, version, nonce, problem, now);
    }

    void changed(String name, Change change) {
        switch (change) {
            case ADDED -> added.add(name);
            case CHANGED -> changed.add(name);
            case REMOVED -> removed.add(name);
        }
    }

    /** Whether it may be what made a resource leave. */
    boolean mayHaveReplaced(String name) {
        return changed.mayHold(name) || removed.mayHold(name);
    }

    void drained(Drain drain) {
        if (drained.size() < DRAINS) {
            drained.add(drain);
        }
    }

    XdsSnapshot.Update view() {
        return new XdsSnapshot.Update(
                begin(),
                took,
                type,
                stream.controlPlane(),
                version,
                nonce,
                resources,
                error,
                added.names(),
                changed.names(),
                removed.names(),
                List.copyOf(drained));
    }
}
