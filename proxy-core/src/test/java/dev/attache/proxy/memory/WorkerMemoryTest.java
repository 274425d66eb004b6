package dev.attache.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.memory.ShedListener.Resource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkerMemoryTest {

    private static final int KIB = 1024;

    private final List<String> told = new ArrayList<>();
    private final WorkerMemory memory =
            new WorkerMemory(
                    new MemoryBudget(800 * KIB, 800 * KIB),
                    new ShedListener() {
                        @Override
                        public void shed(Resource what, int holders, long bytes, long budget) {
                            told.add(what + " " + holders + " " + bytes / KIB);
                        }

                        @Override
                        public void noDirectMemory() {
                            told.add("no buffer");
                        }
                    });
    private final List<Integer> shed = new ArrayList<>();

    /** A holder that gives everything back when told to. */
    private MemoryAccount holder(int name, int heap, int direct) {
        return holder(name, heap, direct, false);
    }

    private MemoryAccount holder(int name, int heap, int direct, boolean stream) {
        MemoryAccount[] account = new MemoryAccount[1];
        account[0] =
                memory.open(
                        new MemoryHolder() {
                            @Override
                            public void shed() {
                                shed.add(name);
                                account[0].heap(-account[0].heapHeld());
                                account[0].direct(-account[0].directHeld());
                                account[0].close();
                            }

                            @Override
                            public boolean isStream() {
                                return stream;
                            }
                        });
        account[0].heap(heap);
        account[0].direct(direct);
        return account[0];
    }

    @Test
    void nobodyIsEndedWithinTheBudget() {
        holder(1, 800 * KIB, 800 * KIB);
        memory.relieve();
        assertThat(shed).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void theHeaviestGoFirstAndTheSmallStay() {
        holder(1, 8 * KIB, 0);
        holder(2, 100 * KIB, 0);
        holder(3, 300 * KIB, 0);
        holder(4, 400 * KIB, 0);
        memory.relieve();
        assertThat(shed).containsExactly(3);
        assertThat(told).containsExactly("HEAP 1 300");
        assertThat(memory.heapHeld()).isEqualTo(508 * KIB);
    }

    @Test
    void amongEqualsThoseGoWhoHaveHeldItForLongest() {
        for (int i = 0; i < 100; i++) {
            holder(i, 9 * KIB, 0);
        }
        memory.relieve();
        assertThat(shed).startsWith(0, 1, 2).hasSize(23);
        assertThat(memory.heapHeld()).isLessThanOrEqualTo(700 * KIB);
    }

    @Test
    void eachResourceIsCountedByItself() {
        holder(1, 700 * KIB, 10 * KIB);
        holder(2, 1 * KIB, 500 * KIB);
        holder(3, 1 * KIB, 400 * KIB);
        memory.relieve();
        assertThat(shed).hasSize(1).doesNotContain(1);
        assertThat(told).singleElement().asString().startsWith(Resource.DIRECT.name());
    }

    @Test
    void whoWasToldToEndCountsAsGone() {
        List<Integer> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int name = i;
            memory.open(() -> slow.add(name)).heap(90 * KIB);
        }
        memory.relieve();
        memory.relieve();
        assertThat(slow).containsExactly(0, 1, 2);
    }

    @Test
    void whatIsGivenBackAfterTheEndLeavesNothing() {
        MemoryAccount account = memory.open(() -> shed.add(1));
        account.heap(500 * KIB);
        account.close();
        account.heap(400 * KIB);
        memory.relieve();
        assertThat(shed).as("nobody is left to be ended").isEmpty();
        account.heap(-900 * KIB);
        assertThat(memory.heapHeld()).isZero();
        assertThat(memory.accounts()).isZero();
    }

    @Test
    void whenItBecomesScarceRequestsThatHoldMuchAreRefused() {
        MemoryAccount big = holder(1, 60 * KIB, 0);
        MemoryAccount small = holder(2, 10 * KIB, 0);
        MemoryAccount head = holder(3, 35 * KIB, 0);
        MemoryAccount lesser = holder(4, 20 * KIB, 0);
        assertThat(memory.refuses(big)).as("there is enough").isFalse();
        for (int i = 0; i < 11; i++) {
            holder(5 + i, 50 * KIB, 0);
        }
        assertThat(memory.refuses(big)).isTrue();
        assertThat(memory.refuses(head)).as("more than half of what others hold").isTrue();
        assertThat(memory.refuses(lesser)).as("less than half of it").isFalse();
        assertThat(memory.refuses(small)).isFalse();
    }

    @Test
    void aSmallerBudgetIsInForceAtOnce() {
        holder(1, 300 * KIB, 0);
        memory.budget().heap(100 * KIB);
        memory.relieve();
        assertThat(shed).containsExactly(1);
    }

    @Test
    void whenABufferWasNotToBeHadAQuarterGoes() {
        for (int i = 0; i < 8; i++) {
            holder(i, 0, 50 * KIB);
        }
        memory.noDirectMemory();
        assertThat(shed).as("not in the middle of what needed it").isEmpty();
        memory.relieve();
        assertThat(shed).containsExactly(0, 1);
        assertThat(told).containsExactly("no buffer", "DIRECT 2 100");
        memory.relieve();
        assertThat(shed).hasSize(2);
    }

    @Test
    void envoysActionClearsClassesFromTheHighestDown() {
        for (int power = 10; power < 18; power++) {
            holder(power, 1 << power, 0, true);
        }
        assertThat(memory.resetHeaviest(0.1, 10)).isEqualTo(1);
        assertThat(shed).containsExactly(17);
        assertThat(memory.resetHeaviest(0.3, 10)).isEqualTo(2);
        assertThat(shed).containsExactly(17, 16, 15);
        assertThat(memory.resetHeaviest(1, 10)).isEqualTo(5);
        assertThat(memory.heapHeld()).isZero();
    }

    @Test
    void envoysActionResetsFiftyStreamsAtATime() {
        for (int i = 0; i < 60; i++) {
            holder(i, 2 * KIB, KIB, true);
        }
        assertThat(memory.resetHeaviest(1, 10)).isEqualTo(50);
        assertThat(memory.resetHeaviest(1, 10)).isEqualTo(10);
    }

    @Test
    void envoysActionLeavesConnectionsAlone() {
        holder(1, 100 * KIB, 0);
        holder(2, 2 * KIB, 0, true);
        assertThat(memory.resetHeaviest(1, 10)).isEqualTo(1);
        assertThat(shed).containsExactly(2);
    }
}
