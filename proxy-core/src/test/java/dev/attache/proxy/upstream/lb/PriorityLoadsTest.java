package dev.attache.proxy.upstream.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against the tables of Envoy's documentation ("Priority levels", "Degraded", "Panic threshold").
 */
final class PriorityLoadsTest {

    private static PriorityLoads loads(double threshold, LocalityEndpoints... groups) {
        return PriorityLoads.of(HostSets.of(groups), threshold);
    }

    @ParameterizedTest
    @CsvSource({"100,100,0", "72,100,0", "71,99,1", "50,70,30", "25,35,65", "0,0,100"})
    void spillsToTheSecondLevel(int healthyOfHundred, int first, int second) {
        PriorityLoads loads =
                loads(
                        50,
                        HostSets.level(0, healthyOfHundred, 0, 100 - healthyOfHundred),
                        HostSets.level(1, 100, 0, 0));
        assertThat(loads.healthy).containsExactly(first, second);
        assertThat(loads.panic).containsExactly(false, false);
    }

    @ParameterizedTest
    @CsvSource({
        "100,100,100,100,0,0",
        "72,72,100,100,0,0",
        "71,71,100,99,1,0",
        "50,50,100,70,30,0",
        "25,100,100,35,65,0",
        "25,25,100,35,35,30"
    })
    void spillsOverThreeLevels(int p0, int p1, int p2, int load0, int load1, int load2) {
        PriorityLoads loads =
                loads(
                        50,
                        HostSets.level(0, p0, 0, 100 - p0),
                        HostSets.level(1, p1, 0, 100 - p1),
                        HostSets.level(2, p2, 0, 100 - p2));
        assertThat(loads.healthy).containsExactly(load0, load1, load2);
    }

    @Test
    void normalizesWhereAllLevelsTogetherDoNotSuffice() {
        // 5% and 10% healthy: 7 and 14 of 21 available, the rounding goes to the first.
        PriorityLoads loads = loads(0, HostSets.level(0, 5, 0, 95), HostSets.level(1, 10, 0, 90));
        assertThat(loads.healthy).containsExactly(34, 66);
    }

    @Test
    void degradedHostsComeBeforeTheRestIsLost() {
        // Envoy's example: 10% degraded, 0 healthy in P0; 60% healthy in P1 -> 14 + 84 of 98.
        PriorityLoads loads = loads(0, HostSets.level(0, 0, 10, 90), HostSets.level(1, 60, 0, 40));
        assertThat(loads.healthy).containsExactly(0, 86);
        assertThat(loads.degraded).containsExactly(14, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "72,100,false,false,100,0",
        "71,71,false,false,99,1",
        "50,60,false,false,70,30",
        "25,100,false,false,35,65",
        "25,25,true,true,50,50",
        "5,65,true,false,8,92",
        "0,0,true,true,50,50"
    })
    void panicsPerLevelOnlyWhereTheWholeFallsShort(
            int p0, int p1, boolean panic0, boolean panic1, int load0, int load1) {
        PriorityLoads loads =
                loads(50, HostSets.level(0, p0, 0, 100 - p0), HostSets.level(1, p1, 0, 100 - p1));
        assertThat(loads.panic).containsExactly(panic0, panic1);
        assertThat(loads.healthy[0] + loads.healthy[1]).isEqualTo(100);
        assertThat(loads.healthy).containsExactly(load0, load1);
    }

    @Test
    void panicSwitchedOffSendsToTheFirstLevelAndFails() {
        PriorityLoads loads = loads(0, HostSets.level(0, 0, 0, 3), HostSets.level(1, 0, 0, 3));
        assertThat(loads.healthy).containsExactly(100, 0);
        assertThat(loads.panic).containsExactly(false, false);
    }

    @Test
    void totalPanicFollowsTheNumberOfHosts() {
        PriorityLoads loads = loads(50, HostSets.level(0, 0, 0, 1), HostSets.level(1, 0, 0, 2));
        assertThat(loads.healthy).containsExactly(34, 66);
        assertThat(loads.panic).containsExactly(true, true);
    }

    @Test
    void anEmptyClusterHasNowhereToGo() {
        assertThat(PriorityLoads.of(HostSet.EMPTY, 50).healthy).isEmpty();
        assertThat(loads(50, HostSets.level(0, 0, 0, 0)).healthy).containsExactly(100);
    }

    @Test
    void choosesByHashFromOneToHundred() {
        int[] healthy = {35, 35};
        int[] degraded = {30, 0};
        assertThat(PriorityLoads.choose(0, healthy, degraded)).isZero();
        assertThat(PriorityLoads.choose(34, healthy, degraded)).isZero();
        assertThat(PriorityLoads.choose(35, healthy, degraded)).isEqualTo(1);
        assertThat(PriorityLoads.choose(69, healthy, degraded)).isEqualTo(1);
        assertThat(PriorityLoads.choose(70, healthy, degraded)).isEqualTo(-1);
        assertThat(PriorityLoads.choose(100, healthy, degraded)).isZero();
        assertThat(PriorityLoads.choose(-1, healthy, degraded)).isZero();
    }
}
