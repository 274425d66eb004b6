package dev.attache.proxy.upstream.lb.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SharedTablesTest {

    private final SharedTables tables = new SharedTables(new StatsStore().scope("cluster.c."), 2);

    private static HostSet set(long version) {
        return new HostSet(version, List.of(), List.of());
    }

    /** A table that takes for ever holds up nobody who wants another one. */
    @Test
    void nobodyWaitsForATableOfOtherHosts() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch may = new CountDownLatch(1);
        CompletableFuture<String> slow =
                CompletableFuture.supplyAsync(
                        () ->
                                tables.get(
                                        set(1),
                                        hosts -> {
                                            begun.countDown();
                                            await(may);
                                            return "slow";
                                        }),
                        SharedTablesTest::onAThreadOfItsOwn);
        await(begun);
        CompletableFuture<String> quick =
                CompletableFuture.supplyAsync(
                        () -> tables.get(set(2), hosts -> "quick"),
                        SharedTablesTest::onAThreadOfItsOwn);
        assertThat(quick.get(10, TimeUnit.SECONDS)).isEqualTo("quick");
        assertThat(tables.part("any").workers()).isEqualTo(2);
        assertThat(slow).isNotDone();
        may.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo("slow");
    }

    @Test
    void theSameHostsAreCompiledOnce() {
        AtomicInteger compiled = new AtomicInteger();
        HostSet hosts = set(1);
        String first = tables.get(hosts, set -> "t" + compiled.incrementAndGet());
        assertThat(tables.<String>get(hosts, set -> "t" + compiled.incrementAndGet()))
                .isSameAs(first);
    }

    /** A worker that is late neither gets the newer table nor takes it away from the others. */
    @Test
    void whoIsLateHasATableOfItsOwn() {
        HostSet older = set(1);
        HostSet newer = set(2);
        tables.get(older, set -> "old");
        String current = tables.get(newer, set -> "new");
        assertThat(tables.<String>get(older, set -> "old again")).isEqualTo("old again");
        assertThat(tables.<String>get(newer, set -> "made twice")).isSameAs(current);
    }

    @Test
    void aTableIsMadeOfTheOneBefore() {
        assertThat(tables.<String>next(set(1), (set, before) -> before + "+1")).isEqualTo("null+1");
        assertThat(tables.<String>next(set(2), (set, before) -> before + "+2"))
                .isEqualTo("null+1+2");
    }

    private static void onAThreadOfItsOwn(Runnable task) {
        Thread.ofPlatform().daemon().start(task);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
