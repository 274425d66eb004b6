package dev.attache.proxy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.SampleListener;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** What sinks are shown, and when. */
final class StatsFlusherTest {

    private final StatsStore store = new StatsStore();
    private final AtomicLong clock = new AtomicLong(1000);

    /** Keeps what it is shown. */
    private static final class Kept implements StatsSink {
        final BlockingQueue<StatsSnapshot> shown = new LinkedBlockingQueue<>();
        final List<String> samples = new ArrayList<>();
        boolean closed;

        @Override
        public void flush(StatsSnapshot snapshot) {
            shown.add(snapshot);
        }

        @Override
        public SampleListener samples() {
            return (histogram, value) -> samples.add(histogram.name() + "=" + value);
        }

        @Override
        public void close() {
            closed = true;
        }

        StatsSnapshot next() throws InterruptedException {
            StatsSnapshot next = shown.poll(5, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    @Test
    void countersInUseAreShownWithWhatTheyHaveGrownBy() throws Exception {
        store.counter("never");
        store.scope("some.").declare(StatFamily.builder().counters("declared").build());
        store.counter("a").add(3);
        store.counter("zero").cell(0).add(0);
        store.gauge("g").set(7);
        Kept sink = new Kept();
        try (StatsFlusher flusher = new StatsFlusher(store, List.of(sink), clock::get)) {
            clock.set(2000);
            flusher.flush();
            StatsSnapshot first = sink.next();
            assertThat(deltas(first)).containsExactlyInAnyOrder("a+3", "zero+0");
            assertThat(first.gauges())
                    .singleElement()
                    .satisfies(g -> assertThat(g.value()).isEqualTo(7));
            assertThat(first.timeMillis()).isEqualTo(2000);
            assertThat(first.previousMillis()).isEqualTo(1000);
            store.counter("a").add(2);
            store.counter("a").reset();
            flusher.flush();
            assertThat(deltas(sink.next())).containsExactlyInAnyOrder("a+2", "zero+0");
        }
        assertThat(deltas(sink.next())).containsExactlyInAnyOrder("a+0", "zero+0");
        assertThat(sink.closed).isTrue();
    }

    @Test
    void valuesOfHistogramsAreHeardOfUntilTheEnd() throws Exception {
        Histogram histogram = store.histogram("h", Histogram.Unit.MILLISECONDS);
        Kept sink = new Kept();
        Kept other = new Kept();
        histogram.record(1);
        StatsFlusher flusher = new StatsFlusher(store, List.of(sink, other), clock::get);
        histogram.record(2);
        histogram.cell(0).record(3);
        store.flushIntervals();
        flusher.flush();
        assertThat(sink.next().histograms()).containsExactly(histogram);
        flusher.close();
        histogram.record(4);
        assertThat(sink.samples).containsExactly("h=2", "h=3");
        assertThat(other.samples).containsExactly("h=2", "h=3");
    }

    @Test
    void aSinkThatThrowsDoesNotKeepOthersFromTheirs() throws Exception {
        store.counter("a").inc();
        StatsSink broken =
                new StatsSink() {
                    @Override
                    public void flush(StatsSnapshot snapshot) {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public void close() {
                        store.counter("closed").inc();
                    }
                };
        Kept sink = new Kept();
        try (StatsFlusher flusher = new StatsFlusher(store, List.of(broken, sink), clock::get)) {
            flusher.flush();
            assertThat(deltas(sink.next())).containsExactly("a+1");
        }
        assertThat(store.counter("closed").value()).isEqualTo(1);
    }

    @Test
    void aPictureThatCannotBeTakenCostsNoMoreThanItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Kept sink = new Kept();
        LongSupplier failing =
                () -> {
                    if (asked.getAndIncrement() == 1) {
                        throw new IllegalStateException("broken");
                    }
                    return 1000;
                };
        try (StatsFlusher flusher = new StatsFlusher(store, List.of(sink), failing)) {
            flusher.flush();
            awaitIdle(flusher);
            assertThat(asked).hasValue(2);
            assertThat(sink.shown).isEmpty();
            flusher.flush();
            assertThat(sink.next().timeMillis()).isEqualTo(1000);
        }
    }

    private static void awaitIdle(StatsFlusher flusher) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (flusher.isBusy() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(flusher.isBusy()).isFalse();
    }

    @Test
    void theLastFlushTellsNoIntervalTwice() throws Exception {
        Histogram histogram = store.histogram("h", Histogram.Unit.MILLISECONDS);
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        StatsSink sink =
                new StatsSink() {
                    @Override
                    public void flush(StatsSnapshot snapshot) {
                        told.add(histogram.interval().count());
                    }

                    @Override
                    public void close() {}
                };
        StatsFlusher flusher = new StatsFlusher(store, List.of(sink), clock::get);
        histogram.record(1);
        store.flushIntervals();
        flusher.flush();
        assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(1);
        histogram.record(2);
        histogram.record(3);
        flusher.close();
        assertThat(told).containsExactly(2L);
    }

    @Test
    void itIsBusyUntilEachSinkHasBeenShown() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StatsSink slow =
                new StatsSink() {
                    @Override
                    public void flush(StatsSnapshot snapshot) {
                        entered.countDown();
                        try {
                            assertThat(go.await(5, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void close() {}
                };
        try (StatsFlusher flusher = new StatsFlusher(store, List.of(slow), clock::get)) {
            assertThat(flusher.isBusy()).isFalse();
            flusher.flush();
            assertThat(flusher.isBusy()).isTrue();
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(flusher.isBusy()).isTrue();
            go.countDown();
            awaitIdle(flusher);
        }
    }

    private static List<String> deltas(StatsSnapshot snapshot) {
        return snapshot.counters().stream()
                .map(each -> each.counter().name() + "+" + each.delta())
                .toList();
    }
}
