package dev.attache.proxy.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final RecentRequests recent = new RecentRequests(1000, 2, now::get);

    @Test
    void requestsCountUntilTheirPieceOfTheIntervalIsOver() {
        recent.add(0);
        recent.add(1);
        at(150);
        recent.add(0);
        assertThat(recent.count()).isEqualTo(3);
        at(999);
        assertThat(recent.count()).isEqualTo(3);
        at(1000);
        assertThat(recent.count()).isEqualTo(1);
        at(1100);
        assertThat(recent.count()).isZero();
    }

    @Test
    void aPieceIsUsedAnewAfterTheInterval() {
        recent.add(0);
        recent.add(0);
        at(1010);
        recent.add(0);
        assertThat(recent.count()).isEqualTo(1);
        at(60_000);
        assertThat(recent.count()).isZero();
    }

    private void at(long millis) {
        now.set(TimeUnit.MILLISECONDS.toNanos(millis) - 5);
    }
}
