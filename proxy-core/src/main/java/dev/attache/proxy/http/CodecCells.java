package dev.attache.proxy.http;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A codec's counters in one worker's cells, made when first counted; listed from the first
 * connection of that protocol on. Loop-confined.
 */
public final class CodecCells implements CodecStats {

    private static final StatFamily HTTP1 = family("http1.").build();
    private static final StatFamily HTTP2 =
            family("http2.")
                    .histogram("http2.cookie_count", Histogram.Unit.UNSPECIFIED)
                    .histogram("http2.cookie_size", Histogram.Unit.UNSPECIFIED)
                    .histogram("http2.header_count", Histogram.Unit.UNSPECIFIED)
                    .histogram("http2.header_list_size", Histogram.Unit.UNSPECIFIED)
                    .build();

    private final Scope scope;
    private final int worker;
    private final @Nullable Cell[] counters = new @Nullable Cell[Counter.values().length];
    private final @Nullable Cell[] gauges = new @Nullable Cell[Gauge.values().length];
    private boolean http1;
    private boolean http2;

    /**
     * @param scope what stands before {@code http1.} and {@code http2.}: the root for listeners,
     *     {@code cluster.<name>.} for clusters
     */
    public CodecCells(Scope scope, int worker) {
        this.scope = scope;
        this.worker = worker;
    }

    private static StatFamily.Builder family(String prefix) {
        List<String> counters = new ArrayList<>();
        for (Counter counter : Counter.values()) {
            if (counter.statName().startsWith(prefix)) {
                counters.add(counter.statName());
            }
        }
        List<String> gauges = new ArrayList<>();
        for (Gauge gauge : Gauge.values()) {
            if (gauge.statName().startsWith(prefix)) {
                gauges.add(gauge.statName());
            }
        }
        return StatFamily.builder().counters(counters).gauges(gauges);
    }

    /** Lists the names of HTTP/1 codecs below {@code scope}. */
    public static void listHttp1(Scope scope) {
        scope.declare(HTTP1);
    }

    /** Itself, for a connection of HTTP/1. */
    public CodecCells forHttp1() {
        if (!http1) {
            http1 = true;
            listHttp1(scope);
        }
        return this;
    }

    /** Itself, for a connection of HTTP/2. */
    public CodecCells forHttp2() {
        if (!http2) {
            http2 = true;
            scope.declare(HTTP2);
        }
        return this;
    }

    @Override
    public void increment(Counter counter) {
        Cell cell = counters[counter.ordinal()];
        if (cell == null) {
            cell = scope.counter(counter.statName()).cell(worker);
            counters[counter.ordinal()] = cell;
        }
        cell.inc();
    }

    @Override
    public void add(Gauge gauge, long delta) {
        Cell cell = gauges[gauge.ordinal()];
        if (cell == null) {
            cell = scope.gauge(gauge.statName()).cell(worker);
            gauges[gauge.ordinal()] = cell;
        }
        cell.add(delta);
    }
}
