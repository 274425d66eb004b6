package dev.attache.server.lifecycle;

import dev.attache.config.bootstrap.StatsSettings;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.sink.StatsFlusher;
import dev.attache.proxy.sink.StatsSink;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSinkSpec;
import dev.attache.proxy.stats.tags.TagExtraction;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a stats interval ends, and what follows from it: at {@code stats_flush_interval}, or when
 * the admin port is asked, gauges are read, histograms start a new interval and sinks are shown
 * what there is. Of the main loop.
 */
public final class StatsFlushing implements AutoCloseable {

    private final StatsSettings settings;
    private final ServerStats stats;
    private final @Nullable StatsFlusher flusher;
    private long flushes;
    private boolean ended;

    private StatsFlushing(
            StatsSettings settings, ServerStats stats, @Nullable StatsFlusher flusher) {
        this.settings = settings;
        this.stats = stats;
        this.flusher = flusher;
    }

    /**
     * Opens the sinks.
     *
     * @param tags asked for where there is a sink
     * @throws IOException one of them cannot be opened; none is left open then
     */
    public static StatsFlushing of(
            StatsSettings settings, ServerStats stats, Engine engine, TagsOnDemand tags)
            throws IOException {
        if (settings.sinks().isEmpty()) {
            return new StatsFlushing(settings, stats, null);
        }
        AccessLogScope caller = engine.logScope();
        StatsSinkScope scope =
                new StatsSinkScope(
                        engine.options().stats(),
                        engine.workers(),
                        caller.worker(),
                        caller.calls(),
                        tags.get(),
                        settings.histogramBuckets());
        List<StatsSink> sinks = new ArrayList<>();
        boolean complete = false;
        try {
            for (StatsSinkSpec spec : settings.sinks()) {
                sinks.add(spec.open(scope));
            }
            complete = true;
        } finally {
            if (!complete) {
                sinks.forEach(StatsSink::close);
            }
        }
        return new StatsFlushing(
                settings,
                stats,
                new StatsFlusher(engine.options().stats(), sinks, System::currentTimeMillis));
    }

    /** Rules are read only where somebody needs them. */
    @FunctionalInterface
    public interface TagsOnDemand {
        TagExtraction get();
    }

    /** From now on intervals end by time, unless the admin port ends them. */
    public void start(EventLoop main) {
        if (!settings.flushOnAdmin()) {
            long millis = settings.flushIntervalMillis();
            main.scheduleAtFixedRate(
                    this::flush, millis, Math.max(1, millis), TimeUnit.MILLISECONDS);
        }
    }

    /** The admin port is asked for statistics. */
    public void onAdmin() {
        if (settings.flushOnAdmin()) {
            flush();
        }
    }

    /** No interval ends any more: another process counts on. Main loop. */
    public void end() {
        ended = true;
    }

    /** As in Envoy, none begins while sinks are still busy with the one before. */
    private void flush() {
        if (ended) {
            return;
        }
        if (flusher != null && flusher.isBusy()) {
            stats.flushDropped();
            return;
        }
        stats.flush();
        if (flusher != null) {
            flusher.flush();
        }
        evict();
    }

    /** {@code stats_eviction_interval}, in flushes; what a sink has just been shown may leave. */
    private void evict() {
        long eviction = settings.evictionIntervalMillis();
        if (eviction > 0 && ++flushes >= eviction / Math.max(1, settings.flushIntervalMillis())) {
            flushes = 0;
            stats.evictUnused();
        }
    }

    /** Ends a last interval. */
    @Override
    public void close() {
        if (flusher != null) {
            flusher.close();
        }
    }
}
