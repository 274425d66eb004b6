package dev.attache.config.bootstrap;

import com.google.protobuf.Duration;
import dev.attache.config.bootstrap.WatchdogSettings.Limits;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Watchdog;
import java.util.concurrent.ThreadLocalRandom;

/** {@code watchdogs}, and the older {@code watchdog} that means all threads. */
final class WatchdogCompiler {

    private WatchdogCompiler() {}

    @SuppressWarnings("deprecation") // both forms exist
    static WatchdogSettings compile(Bootstrap bootstrap, CompileContext context) {
        if (bootstrap.hasWatchdog() && bootstrap.hasWatchdogs()) {
            context.at("watchdogs").error("Only one of watchdog or watchdogs should be set!");
        }
        if (bootstrap.hasWatchdog()) {
            Limits all = limits(bootstrap.getWatchdog(), context.at("watchdog"));
            return new WatchdogSettings(all, all);
        }
        CompileContext at = context.at("watchdogs");
        return new WatchdogSettings(
                limits(
                        bootstrap.getWatchdogs().getMainThreadWatchdog(),
                        at.at("main_thread_watchdog")),
                limits(bootstrap.getWatchdogs().getWorkerWatchdog(), at.at("worker_watchdog")));
    }

    private static Limits limits(Watchdog dog, CompileContext at) {
        Limits fallback = Limits.DEFAULT;
        long kill = millis(dog.hasKillTimeout(), dog.getKillTimeout(), 0, at.at("kill_timeout"));
        long jitter =
                millis(
                        dog.hasMaxKillTimeoutJitter(),
                        dog.getMaxKillTimeoutJitter(),
                        0,
                        at.at("max_kill_timeout_jitter"));
        if (kill > 0 && jitter > 0) {
            kill += ThreadLocalRandom.current().nextLong(jitter) + 1;
        }
        return new Limits(
                millis(
                        dog.hasMissTimeout(),
                        dog.getMissTimeout(),
                        fallback.missMillis(),
                        at.at("miss_timeout")),
                millis(
                        dog.hasMegamissTimeout(),
                        dog.getMegamissTimeout(),
                        fallback.megaMissMillis(),
                        at.at("megamiss_timeout")),
                kill,
                millis(
                        dog.hasMultikillTimeout(),
                        dog.getMultikillTimeout(),
                        0,
                        at.at("multikill_timeout")),
                dog.getMultikillThreshold().getValue());
    }

    private static long millis(
            boolean present, Duration duration, long otherwise, CompileContext at) {
        return Durations.millis(present, duration, otherwise, at);
    }
}
