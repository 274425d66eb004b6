package dev.attache.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.memory.MemoryBudget;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PeerBudgetTest {

    private static final long MIB = 1 << 20;

    @Test
    void workersShareAPartOfWhatTheConfigurationLeaves() {
        assertThat(PeerBudget.heapOf(500 * MIB, 20 * MIB, 1)).isBetween(280 * MIB, 290 * MIB);
        assertThat(PeerBudget.heapOf(500 * MIB, 20 * MIB, 2)).isBetween(140 * MIB, 145 * MIB);
        assertThat(PeerBudget.heapOf(500 * MIB, 170 * MIB, 1)).isBetween(190 * MIB, 200 * MIB);
    }

    @Test
    void aHeapFullOfConfigurationLeavesPeersALittle() {
        assertThat(PeerBudget.heapOf(64 * MIB, 64 * MIB, 2)).isEqualTo(MIB);
        assertThat(PeerBudget.heapOf(64 * MIB, 70 * MIB, 1)).isEqualTo(2 * MIB);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void isSizedAnewAfterAFullCollection() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(1, 1);
        try (PeerBudget follower = PeerBudget.follow(budget, 1, () -> 0)) {
            assertThat(follower).isNotNull();
            while (budget.heap() == 1) {
                System.gc();
                Thread.sleep(20);
            }
        }
        assertThat(budget.heap()).isGreaterThan(Runtime.getRuntime().maxMemory() / 50);
    }
}
