package dev.attache.server.watchdog;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.worker.LoopPulse;
import org.jspecify.annotations.Nullable;

/** One loop under watch: since when it is in the turn it is in. The watchdog's thread only. */
final class WatchedLoop {

    private final String name;
    private final LoopPulse pulse;
    private final Counter misses;
    private final Counter megaMisses;
    private long turn = -1;
    private long since;
    private boolean missed;
    private boolean megaMissed;

    /**
     * @param name as statistics have it, {@code worker_0}
     * @param server {@code server.}
     */
    WatchedLoop(String name, LoopPulse pulse, Scope server) {
        this.name = name;
        this.pulse = pulse;
        this.misses = server.counter(name + ".watchdog_miss");
        this.megaMisses = server.counter(name + ".watchdog_mega_miss");
    }

    String name() {
        return name;
    }

    @Nullable Thread thread() {
        return pulse.thread();
    }

    /** How long it is in its turn, as far as looks at it tell; 0 where it moved or waits. */
    long look(long now) {
        long current = pulse.turn();
        if (current != turn || !LoopPulse.working(current)) {
            turn = current;
            since = now;
            missed = false;
            megaMissed = false;
        }
        return now - since;
    }

    /** True once in a turn. */
    boolean miss() {
        boolean first = !missed;
        missed = true;
        if (first) {
            misses.inc();
        }
        return first;
    }

    /** True once in a turn. */
    boolean megaMiss() {
        boolean first = !megaMissed;
        megaMissed = true;
        if (first) {
            megaMisses.inc();
        }
        return first;
    }
}
