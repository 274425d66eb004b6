package dev.attache.filters.http.author.stream;

import dev.attache.filter.Counter;
import dev.attache.filter.FilterScope;
import dev.attache.filter.Gauge;
import dev.attache.filter.Histogram;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatLabels;
import io.netty.channel.EventLoop;

/** One worker, as the filter that is opened on it sees it. */
public final class AuthorScope implements FilterScope {
    final HttpFilterScope scope;
    final HeaderNames names = new HeaderNames();
    final System.Logger log;
    private final EventLoop loop;

    /**
     * @param filter for the log
     */
    public AuthorScope(HttpFilterScope scope, String filter) {
        this.scope = scope;
        this.log = new AuthorLog(filter);
        this.loop = scope.worker().eventLoop();
    }

    /** The worker's. */
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int worker() {
        return scope.worker().index();
    }

    @Override
    public Counter counter(String name, String... labels) {
        var counter = scope.stats().counter(name, StatLabels.of(labels));
        Cell cell = counter.cell(worker());
        return delta -> {
            if (loop.inEventLoop()) {
                cell.add(delta);
            } else {
                counter.add(delta);
            }
        };
    }

    @Override
    public Gauge gauge(String name, String... labels) {
        var gauge = scope.stats().gauge(name, StatLabels.of(labels));
        Cell cell = gauge.cell(worker());
        return delta -> {
            if (loop.inEventLoop()) {
                cell.add(delta);
            } else {
                gauge.add(delta);
            }
        };
    }

    @Override
    public Histogram histogram(String name, String... labels) {
        return histogram(name, dev.attache.proxy.stats.Histogram.Unit.UNSPECIFIED, labels);
    }

    @Override
    public Histogram timings(String name, String... labels) {
        return histogram(name, dev.attache.proxy.stats.Histogram.Unit.MILLISECONDS, labels);
    }

    private Histogram histogram(
            String name, dev.attache.proxy.stats.Histogram.Unit unit, String... labels) {
        var histogram = scope.stats().histogram(name, unit, StatLabels.of(labels));
        HistogramCell cell = histogram.cell(worker());
        return value -> {
            if (loop.inEventLoop()) {
                cell.record(value);
            } else {
                histogram.record(value);
            }
        };
    }

    @Override
    public System.Logger log() {
        return log;
    }
}
