package dev.attache.filters.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import org.junit.jupiter.api.Test;

final class GrpcCellsTest {
    private final StatsStore store = new StatsStore();
    private final GrpcCells cells = new GrpcCells(store, 0);

    @Test
    void howACallEndedIsCountedByStatusAndInAll() {
        cells.status("cluster.a.grpc.", "0");
        cells.status("cluster.a.grpc.", "14");
        assertThat(store.counter("cluster.a.grpc.0").value()).isEqualTo(1);
        assertThat(store.counter("cluster.a.grpc.14").value()).isEqualTo(1);
        assertThat(store.counter("cluster.a.grpc.success").value()).isEqualTo(1);
        assertThat(store.counter("cluster.a.grpc.failure").value()).isEqualTo(1);
        assertThat(store.counter("cluster.a.grpc.total").value()).isEqualTo(2);
    }

    /** Paths of clients become names. */
    @Test
    void namesThatAreMadeUpComeToAnEnd() {
        cells.add("cluster.a.grpc.s.m.total", 1);
        for (int i = 0; i < 2 * GrpcCells.MOST_NAMES; i++) {
            cells.add("cluster.a.grpc.s." + i + ".total", 1);
            cells.upstreamTime("cluster.a.grpc.s." + i + ".", 1);
        }
        cells.add("cluster.a.grpc.s.m.total", 1);
        assertThat(store.counters()).hasSize(GrpcCells.MOST_NAMES);
        assertThat(store.histograms()).hasSizeLessThan(GrpcCells.MOST_NAMES);
        assertThat(store.counter("cluster.a.grpc.s.m.total").value()).isEqualTo(2);
    }

    /** Clusters come and go all day. */
    @Test
    void theDepartureOfOneClusterLetsNoMoreNamesIntoAnother() {
        StatsStore.Hold a = store.hold("cluster.a.");
        cells.add("cluster.a.grpc.s.m.total", 1);
        cells.upstreamTime("cluster.a.grpc.s.m.", 1);
        for (int round = 0; round < 3; round++) {
            StatsStore.Hold b = store.hold("cluster.b.");
            for (int i = 0; i < GrpcCells.MOST_NAMES; i++) {
                cells.add("cluster.a.grpc.s." + round + "." + i, 1);
            }
            cells.add("cluster.b.grpc.total", 1);
            cells.add("cluster.a.grpc.s.m.total", 1);
            b.close();
        }
        assertThat(store.counters()).hasSizeBetween(2, GrpcCells.MOST_NAMES);
        assertThat(store.counter("cluster.a.grpc.s.m.total").value()).isEqualTo(4);
        a.close();
        store.hold("cluster.a.");
        cells.add("cluster.a.grpc.s.m.total", 1);
        assertThat(store.counter("cluster.a.grpc.s.m.total").value()).isEqualTo(1);
        assertThat(store.counters()).hasSize(1);
        assertThat(store.histograms()).isEmpty();
    }

    @Test
    void aNameOfLimitedLengthIsCounted() {
        String longest = "cluster.a." + "x".repeat(GrpcCells.LONGEST_NAME - 10);
        cells.add(longest, 1);
        cells.add(longest + "x", 1);
        cells.upstreamTime(longest, 1);
        cells.upstreamTime(longest + "x", 1);
        assertThat(store.counters()).hasSize(1);
        assertThat(store.histograms()).hasSize(1);
    }
}
