package dev.attache.server.plane.version;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Waits for a set of things and then runs an action once (Envoy's init manager). Main loop only.
 */
public final class Warmup {

    private final String name;
    private final Runnable whenReady;
    private final Set<Target> pending = new LinkedHashSet<>();
    private boolean started;
    private boolean done;

    /** One thing that is waited for. */
    public final class Target {
        private final String name;

        private Target(String name) {
            this.name = name;
        }

        /** Whether it is waited for still. */
        public boolean isPending() {
            return pending.contains(this);
        }

        /** It is ready, or will not be waited for any longer. */
        public void ready() {
            if (pending.remove(this)) {
                check();
            }
        }
    }

    /**
     * @param name as {@code /init_dump} shows it
     * @param whenReady runs when everything expected before {@link #start} or since is ready
     */
    public Warmup(String name, Runnable whenReady) {
        this.name = name;
        this.whenReady = whenReady;
    }

    public String name() {
        return name;
    }

    public Target expect(String target) {
        Target expected = new Target(target);
        pending.add(expected);
        return expected;
    }

    /** Nothing more is going to be expected but by what is pending; ready at once if nothing is. */
    public void start() {
        started = true;
        check();
    }

    /** Waits no longer for what it waits for. */
    public void giveUp() {
        pending.clear();
        check();
    }

    /** The action will not run any more. */
    public void cancel() {
        done = true;
        pending.clear();
    }

    public boolean isDone() {
        return done;
    }

    /** Names of what is still missing. */
    public List<String> pending() {
        return pending.stream().map(target -> target.name).toList();
    }

    private void check() {
        if (started && !done && pending.isEmpty()) {
            done = true;
            whenReady.run();
        }
    }
}
