package dev.attache.config.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SharedStateTest {
    private final SharedState shared = new SharedState();

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            System.gc();
            Thread.sleep(5);
        }
    }

    @Test
    void keepsItsValueFromOneVersionToTheNext() {
        SharedSlot<AtomicLong> first = shared.slot(AtomicLong.class, "bucket", AtomicLong::new);
        SharedSlot.Lease<AtomicLong> old = first.lease();
        old.value().set(7);

        SharedSlot<AtomicLong> second = shared.slot(AtomicLong.class, "bucket", AtomicLong::new);
        try (SharedSlot.Lease<AtomicLong> next = second.lease()) {
            old.close();
            old.close();
            assertThat(next.value().get()).isEqualTo(7);
        }
        assertThat(shared.held(AtomicLong.class, "bucket")).isNull();
        try (SharedSlot.Lease<AtomicLong> later = first.lease()) {
            assertThat(later.value().get()).isZero();
        }
    }

    @Test
    void tellsTypesAndKeysApart() {
        SharedSlot<AtomicLong> number = shared.slot(AtomicLong.class, "k", AtomicLong::new);
        assertThat(shared.slot(AtomicLong.class, "k", AtomicLong::new)).isSameAs(number);
        assertThat(shared.slot(AtomicLong.class, "l", AtomicLong::new)).isNotSameAs(number);
        SharedSlot<AtomicInteger> other = shared.slot(AtomicInteger.class, "k", AtomicInteger::new);
        assertThat((Object) other).isNotSameAs(number);
        assertThat(shared.size()).isEqualTo(3);
    }

    private static final class Resource implements AutoCloseable {
        int closed;

        @Override
        public void close() {
            closed++;
        }
    }

    @Test
    void closesTheValueOnceWithTheLastLease() {
        SharedSlot<Resource> slot = shared.slot(Resource.class, "r", Resource::new);
        SharedSlot.Lease<Resource> one = slot.lease();
        SharedSlot.Lease<Resource> two = slot.lease();
        Resource value = one.value();
        assertThat(two.value()).isSameAs(value);
        one.close();
        one.close();
        assertThat(value.closed).isZero();
        two.close();
        assertThat(value.closed).isOne();
    }

    @Test
    void aMakerThatThrowsLeavesTheSlotEmpty() {
        AtomicInteger asked = new AtomicInteger();
        SharedSlot<String> slot =
                shared.slot(
                        String.class,
                        "s",
                        () -> {
                            if (asked.getAndIncrement() == 0) {
                                throw new IllegalStateException("not now");
                            }
                            return "made";
                        });
        assertThatThrownBy(slot::lease).hasMessage("not now");
        try (SharedSlot.Lease<String> lease = slot.lease()) {
            assertThat(lease.value()).isEqualTo("made");
        }
        assertThat(shared.held(String.class, "s")).isNull();
    }

    @Test
    void aSlotThatNobodyRefersToIsForgotten() throws InterruptedException {
        leasedAndLeft();
        await(() -> shared.size() == 0);
    }

    private void leasedAndLeft() {
        try (SharedSlot.Lease<Resource> lease =
                shared.slot(Resource.class, "left", Resource::new).lease()) {
            assertThat(shared.held(Resource.class, "left")).isSameAs(lease.value());
        }
    }

    /** Threads that come and go at once: who holds it twice holds one value, and none stays. */
    @Test
    void isHeldAndLeftByManyThreads() throws Exception {
        Set<Object> alive = Collections.newSetFromMap(new IdentityHashMap<>());
        final class Exclusive implements AutoCloseable {
            Exclusive() {
                synchronized (alive) {
                    alive.add(this);
                }
            }

            @Override
            public void close() {
                synchronized (alive) {
                    alive.remove(this);
                }
            }
        }
        SharedSlot<Exclusive> slot = shared.slot(Exclusive.class, "e", Exclusive::new);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> user =
                    () -> {
                        boolean same = true;
                        for (int i = 0; i < 2000; i++) {
                            try (SharedSlot.Lease<Exclusive> one = slot.lease();
                                    SharedSlot.Lease<Exclusive> two = slot.lease()) {
                                same &= one.value() == two.value();
                            }
                        }
                        return same;
                    };
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(user));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
        assertThat(alive).isEmpty();
    }
}
