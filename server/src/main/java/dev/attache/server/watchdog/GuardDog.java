package dev.attache.server.watchdog;

import dev.attache.config.bootstrap.WatchdogSettings.Limits;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.LoopPulse;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.log.Critical;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one group of loops: the main thread, or the workers. Counts as Envoy does, in turns of
 * the loop rather than in touches: a loop that sleeps is not waked for it. The watchdog's thread
 * only, but for {@link #standsStill}.
 */
final class GuardDog {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** A thread that misses this many {@code megamiss_timeout}s in one turn serves nobody. */
    private static final int MEGA_MISSES_UNTIL_UNREADY = 10;

    private final Limits limits;
    private final Counter misses;
    private final Counter megaMisses;
    private final List<WatchedLoop> loops = new ArrayList<>();
    private final Reports reports;
    private final ProcessExit.Ending ending;
    private volatile boolean standsStill;

    /**
     * @param group {@code main_thread} or {@code workers}
     */
    GuardDog(
            String group,
            Limits limits,
            List<String> names,
            List<LoopPulse> pulses,
            StatsStore stats,
            ProcessExit.Ending ending) {
        this.limits = limits;
        this.misses = stats.counter(group + ".watchdog_miss");
        this.megaMisses = stats.counter(group + ".watchdog_mega_miss");
        for (int i = 0; i < names.size(); i++) {
            loops.add(new WatchedLoop(names.get(i), pulses.get(i), stats.scope("server.")));
        }
        this.reports = new Reports();
        this.ending = ending;
    }

    /** How often to look, in milliseconds: Envoy's, the shortest of the limits that are set. */
    long intervalMillis() {
        long shortest = Math.min(limits.missMillis(), limits.megaMissMillis());
        shortest = limits.killMillis() > 0 ? Math.min(shortest, limits.killMillis()) : shortest;
        return Math.max(
                1,
                limits.multiKillMillis() > 0
                        ? Math.min(shortest, limits.multiKillMillis())
                        : shortest);
    }

    /** A loop is in one turn for so long that its connections have to be taken for lost. */
    boolean standsStill() {
        return standsStill;
    }

    /**
     * Looks at every loop.
     *
     * @param now nanoseconds in which the process itself could run
     */
    void look(long now) {
        boolean still = false;
        List<WatchedLoop> stuck = new ArrayList<>();
        for (WatchedLoop loop : loops) {
            long millis = TimeUnit.NANOSECONDS.toMillis(loop.look(now));
            if (millis == 0) {
                continue;
            }
            count(loop, millis, now);
            if (limits.killMillis() > 0 && millis > limits.killMillis()) {
                kill(loop, "one thread (%s) stuck for more than watchdog_kill_timeout");
            }
            if (limits.multiKillMillis() > 0 && millis > limits.multiKillMillis()) {
                stuck.add(loop);
            }
            still |= millis > MEGA_MISSES_UNTIL_UNREADY * Math.max(100, limits.megaMissMillis());
        }
        if (!stuck.isEmpty() && stuck.size() >= needed()) {
            kill(
                    stuck.getLast(),
                    "At least "
                            + needed()
                            + " threads (%s,...) stuck for more than watchdog_multikill_timeout");
        }
        told(still);
    }

    /** Of two threads at least, and as many as the threshold asks. */
    private int needed() {
        return Math.max(2, (int) Math.ceil(limits.multiKillPercent() / 100 * loops.size()));
    }

    private void count(WatchedLoop loop, long millis, long now) {
        if (millis > limits.missMillis() && loop.miss()) {
            misses.inc();
        }
        if (millis > limits.megaMissMillis() && loop.megaMiss()) {
            megaMisses.inc();
            reports.standing(loop, millis, now);
        }
    }

    private void told(boolean still) {
        if (still && !standsStill) {
            LOG.error("a thread stands still: the server is not LIVE until it goes on");
        } else if (!still && standsStill) {
            LOG.warn("no thread stands still any more");
        }
        standsStill = still;
    }

    private void kill(WatchedLoop loop, String words) {
        LOG.error(
                Critical.MARKER,
                "GuardDog: {}; the process ends (code {}). {}",
                words.formatted(loop.name()),
                ProcessExit.WATCHDOG,
                Reports.where(loop));
        ending.end(ProcessExit.WATCHDOG);
    }
}
