package dev.attache.server.restart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;
import org.junit.jupiter.api.Test;

/** What a process has counted goes on in the next one. */
final class StatsTransferTest {

    private final StatsStore old = new StatsStore();
    private final StatsStore young = new StatsStore();
    private final ParentStats parent = new ParentStats(young);

    private void transfer(boolean first) {
        parent.merge(StatsTransfer.print(old, 3, first));
    }

    @Test
    void countersGrowByWhatHasComeSince() {
        old.counter("http.a.downstream_rq_total").add(5);
        young.counter("http.a.downstream_rq_total").add(2);
        transfer(true);
        assertEquals(7, young.counter("http.a.downstream_rq_total").value());
        transfer(false);
        assertEquals(7, young.counter("http.a.downstream_rq_total").value(), "nothing has come");
        old.counter("http.a.downstream_rq_total").add(1);
        old.counter("http.a.late").add(4);
        transfer(false);
        assertEquals(8, young.counter("http.a.downstream_rq_total").value());
        assertEquals(4, young.counter("http.a.late").value());
        assertEquals(3, parent.connections());
    }

    @Test
    void sinksAreToldOnlyWhatTheyWereNotTold() {
        old.counter("a").add(5);
        assertEquals(5, old.counter("a").latch());
        old.counter("a").add(2);
        transfer(true);
        assertEquals(7, young.counter("a").value());
        assertEquals(2, young.counter("a").latch());
    }

    @Test
    void aResetIsNotUndone() {
        old.counter("a").add(5);
        old.counter("a").reset();
        old.counter("a").add(2);
        transfer(true);
        assertEquals(2, young.counter("a").value());
        young.counter("a").add(1);
        StatsStore third = new StatsStore();
        ParentStats second = new ParentStats(third);
        second.merge(StatsTransfer.print(young, 0, true));
        assertEquals(3, third.counter("a").value());
    }

    @Test
    void gaugesHaveTheOthersOnTopUntilItEnds() {
        old.gauge("http.a.downstream_cx_active").set(4);
        old.gauge("cluster.c.membership_total").set(9);
        old.gauge("unknown.here").set(1);
        old.gauge(HotRestart.GENERATION).inc();
        young.gauge("http.a.downstream_cx_active").set(1);
        young.gauge("cluster.c.membership_total").set(8);
        young.gauge(HotRestart.GENERATION).inc();
        transfer(true);
        assertEquals(5, young.gauge("http.a.downstream_cx_active").value());
        assertEquals(8, young.gauge("cluster.c.membership_total").value());
        old.gauge("http.a.downstream_cx_active").set(2);
        transfer(false);
        assertEquals(3, young.gauge("http.a.downstream_cx_active").value());
        parent.end();
        assertEquals(1, young.gauge("http.a.downstream_cx_active").value());
        assertEquals(2, young.gauge(HotRestart.GENERATION).value());
        assertEquals(0, parent.connections());
        assertEquals(
                0, young.gauges().stream().filter(g -> g.name().equals("unknown.here")).count());
    }

    @Test
    void aGaugeThatIsOnlyDeclaredIsKnown() {
        young.scope("http.a.").declare(StatFamily.builder().gauges("rq_active").build());
        old.gauge("http.a.rq_active").set(4);
        transfer(true);
        assertEquals(4, young.gauge("http.a.rq_active").value());
    }

    @Test
    void whatComesLaterIsCountedOnWhereItLivesThen() {
        old.counter("cluster.late.upstream_rq_total").add(6);
        transfer(true);
        try (StatsStore.Hold hold = young.hold("cluster.late.")) {
            young.counter("cluster.late.upstream_rq_total").inc();
            assertEquals(7, young.counter("cluster.late.upstream_rq_total").value());
            assertEquals(1, young.counters().size());
            hold.close();
        }
        assertNull(young.listedCounter("cluster.late.upstream_rq_total"));
    }
}
