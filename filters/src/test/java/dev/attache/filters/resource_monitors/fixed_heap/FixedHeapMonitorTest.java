package dev.attache.filters.resource_monitors.fixed_heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FixedHeapMonitorTest {

    private long used;
    private long garbage;
    private long direct;
    private long nanos;
    private int collections;

    private final FixedHeapMonitor monitor =
            new FixedHeapMonitor(
                    1000,
                    () -> used + garbage,
                    () -> direct,
                    () -> nanos,
                    () -> {
                        collections++;
                        garbage = 0;
                    });

    @Test
    void heapAndDirectMemoryCountTogether() {
        used = 300;
        direct = 200;
        assertThat(monitor.pressure()).isEqualTo(0.5);
        assertThat(collections).isZero();
    }

    @Test
    void garbageIsNoPressure() {
        used = 100;
        garbage = 900;
        assertThat(monitor.pressure()).isEqualTo(0.1);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void whatWasCollectedIsBelievedForAWhile() {
        used = 800;
        assertThat(monitor.pressure()).isEqualTo(0.8);
        garbage = 100;
        seconds(1);
        assertThat(monitor.pressure()).isEqualTo(0.9);
        assertThat(collections).isEqualTo(1);
        seconds(5);
        assertThat(monitor.pressure()).isEqualTo(0.8);
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void whatWasInUseIsFoundToBeGarbageInTheEnd() {
        used = 900;
        assertThat(monitor.pressure()).isEqualTo(0.9);
        used = 200;
        garbage = 700;
        seconds(10);
        assertThat(monitor.pressure()).isEqualTo(0.9);
        seconds(20);
        assertThat(monitor.pressure()).isEqualTo(0.2);
    }

    @Test
    void theRealHeapIsReadAsWell() {
        assertThat(new FixedHeapMonitor(1L << 40).pressure()).isBetween(0.0, 0.1);
    }

    private void seconds(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }
}
