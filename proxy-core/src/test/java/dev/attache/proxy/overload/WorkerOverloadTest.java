package dev.attache.proxy.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WorkerOverloadTest {

    private final WorkerOverload overload =
            new WorkerOverload(3, new SplittableRandom(1)::nextLong);
    private final List<String> shed = new ArrayList<>();

    @Test
    void nothingIsInForceUntilAStateSaysSo() {
        assertThat(overload.active()).isFalse();
        assertThat(overload.strikes(OverloadAction.STOP_ACCEPTING_REQUESTS)).isFalse();
        assertThat(overload.sheds(LoadShedPoint.TCP_LISTENER_ACCEPT)).isFalse();

        adopt(Map.of(OverloadAction.SHRINK_HEAP, 0f), Map.of());

        assertThat(overload.active()).isFalse();
    }

    @Test
    void aSaturatedActionAlwaysStrikes() {
        adopt(Map.of(OverloadAction.STOP_ACCEPTING_REQUESTS, 1f), Map.of());

        assertThat(overload.saturated(OverloadAction.STOP_ACCEPTING_REQUESTS)).isTrue();
        assertThat(strikes(1000)).isEqualTo(1000);

        adopt(Map.of(), Map.of());

        assertThat(strikes(1000)).isZero();
    }

    @Test
    void anActionInPartStrikesByItsValue() {
        adopt(Map.of(OverloadAction.STOP_ACCEPTING_REQUESTS, 0.25f), Map.of());

        assertThat(overload.saturated(OverloadAction.STOP_ACCEPTING_REQUESTS)).isFalse();
        assertThat(strikes(10_000)).isBetween(2300, 2700);
    }

    @Test
    void whatAPointShedsIsCountedWithItsWorker() {
        adopt(Map.of(), Map.of(LoadShedPoint.TCP_LISTENER_ACCEPT, 1f));

        assertThat(overload.sheds(LoadShedPoint.TCP_LISTENER_ACCEPT)).isTrue();
        assertThat(overload.sheds(LoadShedPoint.HCM_ONDATA_CREATING_CODEC)).isFalse();
        assertThat(shed).containsExactly("TCP_LISTENER_ACCEPT 3");
    }

    @Test
    void namesAreEnvoys() {
        assertThat(OverloadAction.named("envoy.overload_actions.reduce_timeouts"))
                .isSameAs(OverloadAction.REDUCE_TIMEOUTS);
        assertThat(OverloadAction.named("reduce_timeouts")).isNull();
        assertThat(LoadShedPoint.named("envoy.load_shed_points.hcm_ondata_creating_codec"))
                .isSameAs(LoadShedPoint.HCM_ONDATA_CREATING_CODEC);
        assertThat(LoadShedPoint.named("x")).isNull();
    }

    private void adopt(Map<OverloadAction, Float> actions, Map<LoadShedPoint, Float> points) {
        overload.adopt(
                new OverloadState(actions, points, Map.of(), 0),
                new OverloadEffects() {
                    @Override
                    public void shed(LoadShedPoint point, int worker) {
                        shed.add(point + " " + worker);
                    }

                    @Override
                    public void reset(int streams, int worker) {
                        throw new AssertionError("nothing is reset by a question");
                    }
                });
    }

    private int strikes(int throwsOfDice) {
        int hits = 0;
        for (int i = 0; i < throwsOfDice; i++) {
            hits += overload.strikes(OverloadAction.STOP_ACCEPTING_REQUESTS) ? 1 : 0;
        }
        return hits;
    }
}
