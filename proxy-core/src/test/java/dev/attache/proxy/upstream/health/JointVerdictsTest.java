package dev.attache.proxy.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.HealthFlags;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Host.Flag;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two checkers of one host. */
final class JointVerdictsTest {

    private final StatsStore stats = new StatsStore();
    private final HostSet one = HostSets.of(HostSets.level(0, 1, 0, 0));
    private final Host host = one.hosts().getFirst();
    private final List<String> heard = new ArrayList<>();
    private final JointVerdicts verdicts =
            new JointVerdicts(
                    2,
                    stats.scope("cluster.c."),
                    (checked, changed, passed) -> heard.add(changed + " " + passed));

    @BeforeEach
    void beUnchecked() {
        host.set(Flag.FAILED_ACTIVE_HC, true);
        host.set(Flag.PENDING_ACTIVE_HC, true);
        verdicts.begin(one);
    }

    private void says(int checker, Flag flag, boolean on) {
        verdicts.flags(checker, host).set(flag, on);
        verdicts.onChecked(checker, host);
    }

    private void passes(int checker) {
        verdicts.flags(checker, host).set(Flag.PENDING_ACTIVE_HC, false);
        says(checker, Flag.FAILED_ACTIVE_HC, false);
    }

    private long gauge(String name) {
        return stats.gauge("cluster.c.health_check." + name).value();
    }

    @Test
    void nothingHappensUntilAllHaveLooked() {
        passes(0);
        passes(0);
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        assertThat(heard).isEmpty();
        passes(1);
        assertThat(host.healthFlagsText()).isEqualTo("healthy");
        assertThat(heard).containsExactly("true true");
        assertThat(gauge("healthy")).isEqualTo(1);
    }

    @Test
    void oneIsEnoughToSayNo() {
        passes(0);
        passes(1);
        heard.clear();
        says(0, Flag.FAILED_ACTIVE_HC, true);
        says(1, Flag.FAILED_ACTIVE_HC, true);
        says(0, Flag.FAILED_ACTIVE_HC, false);
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        assertThat(gauge("healthy")).isZero();
        says(1, Flag.FAILED_ACTIVE_HC, false);
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isFalse();
        assertThat(heard).containsExactly("true false", "false false", "false false", "true true");
    }

    @Test
    void degradedTimeoutAndExclusionAreJointToo() {
        passes(0);
        passes(1);
        heard.clear();
        for (Flag flag :
                List.of(
                        Flag.DEGRADED_ACTIVE_HC,
                        Flag.ACTIVE_HC_TIMEOUT,
                        Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL)) {
            says(1, flag, true);
            says(0, flag, false);
            assertThat(host.has(flag)).as(flag.text()).isTrue();
        }
        assertThat(gauge("degraded")).isEqualTo(1);
        // Only what decides about the host's use is worth new views.
        assertThat(heard)
                .containsExactly(
                        "true true",
                        "false true",
                        "false true",
                        "false true",
                        "false true",
                        "false true");
        says(1, Flag.DEGRADED_ACTIVE_HC, false);
        assertThat(host.degraded()).isFalse();
        assertThat(gauge("degraded")).isZero();
    }

    @Test
    void whatIsKnownOfAHostIsWhereEachBegins() {
        host.set(Flag.DEGRADED_ACTIVE_HC, true);
        JointVerdicts next =
                new JointVerdicts(2, stats.scope("cluster.d."), (checked, changed, passed) -> {});
        HealthFlags first = next.flags(0, host);
        assertThat(first.has(Flag.DEGRADED_ACTIVE_HC)).isTrue();
        assertThat(first.has(Flag.FAILED_ACTIVE_HC)).isTrue();
    }

    @Test
    void thoseThatLeaveAreCountedNoMore() {
        passes(0);
        passes(1);
        verdicts.keep(HostSet.EMPTY);
        assertThat(gauge("healthy")).isZero();
        verdicts.onChecked(0, host);
        assertThat(heard).hasSize(1);
    }
}
