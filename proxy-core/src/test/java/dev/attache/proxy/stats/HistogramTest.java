package dev.attache.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

class HistogramTest {

    private final StatsStore store = new StatsStore();
    private final Histogram time = store.histogram("time", Histogram.Unit.MILLISECONDS);

    @Test
    void anIntervalHoldsWhatCameSinceTheOneBefore() {
        HistogramCell worker = time.cell(1);
        worker.record(7);
        time.record(1000);
        assertThat(time.interval().count()).as("not ended yet").isZero();
        store.flushIntervals();
        assertThat(time.interval().count()).isEqualTo(2);
        assertThat(time.interval().sum()).isEqualTo(1007);

        worker.record(9);
        store.flushIntervals();
        assertThat(time.interval().count()).isEqualTo(1);
        assertThat(time.interval().sum()).isEqualTo(9);
        assertThat(time.cumulative().count()).isEqualTo(3);

        store.flushIntervals();
        assertThat(time.interval().count()).as("nothing came").isZero();
        store.flushIntervals();
        worker.record(3);
        store.flushIntervals();
        assertThat(time.interval().sum()).as("after a rest").isEqualTo(3);
    }

    @Test
    void aFlushLeavesAloneWhatWasNeverRecordedTo() {
        Histogram idle = store.histogram("idle", Histogram.Unit.MILLISECONDS);
        HistogramBins before = idle.interval();
        idle.cell(0);
        time.record(1);
        store.flushIntervals();
        assertThat(idle.interval()).isSameAs(before);
        assertThat(idle.used()).isFalse();
        assertThat(time.used()).isTrue();
    }

    @Test
    void largeValuesGrowTheBins() {
        HistogramCell worker = time.cell(0);
        worker.record(0);
        worker.record(3_600_000);
        worker.record(-1);
        HistogramBins all = time.cumulative();
        assertThat(all.count()).isEqualTo(3);
        assertThat(all.sum()).isEqualTo(3_600_000);
        assertThat(all.used()).hasSize(2);
    }

    @Test
    void theBinsGrowToBothSidesAndAddUpAcrossCells() {
        HistogramCell one = time.cell(0);
        HistogramCell other = time.cell(1);
        for (long value : new long[] {500, 7, 90_000, 0, 500}) {
            one.record(value);
        }
        other.record(12);
        HistogramBins all = time.cumulative();
        assertThat(all.used())
                .extracting(HistogramBins.Bin::lowerBound, HistogramBins.Bin::count)
                .containsExactly(
                        tuple(0.0, 1L),
                        tuple(7.0, 1L),
                        tuple(12.0, 1L),
                        tuple(500.0, 2L),
                        tuple(90_000.0, 1L));
        assertThat(all.countAtMost(100)).isEqualTo(3);
        store.flushIntervals();
        one.record(7);
        store.flushIntervals();
        assertThat(time.interval().used())
                .extracting(HistogramBins.Bin::lowerBound, HistogramBins.Bin::count)
                .containsExactly(tuple(7.0, 1L));
    }
}
