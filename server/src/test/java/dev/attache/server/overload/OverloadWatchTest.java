package dev.attache.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.overload.OverloadSpec;
import dev.attache.config.overload.OverloadSpec.Action;
import dev.attache.config.overload.OverloadSpec.Monitor;
import dev.attache.config.overload.OverloadSpec.Point;
import dev.attache.config.overload.OverloadSpec.Trigger;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.overload.ScaledMinimum;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.xds.MainLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OverloadWatchTest implements MainLoop {

    private static final String STOP = OverloadAction.STOP_ACCEPTING_REQUESTS.configName();
    private static final String ACCEPT = LoadShedPoint.TCP_LISTENER_ACCEPT.configName();

    private final StatsStore stats = new StatsStore();
    private final List<OverloadState> published = new ArrayList<>();
    private @Nullable OverloadEffects effects;
    private double heap;
    private double cpu;
    private boolean broken;
    private double connections;
    private @Nullable Runnable next;
    private long nanos;

    private OverloadWatch watch(OverloadSpec spec) {
        OverloadWatch watch =
                new OverloadWatch(
                        spec,
                        () -> connections,
                        stats,
                        this,
                        (state, listener) -> {
                            published.add(state);
                            effects = listener;
                        });
        watch.start();
        return watch;
    }

    private OverloadSpec spec(long maxConnections, List<Action> actions, List<Point> points) {
        return new OverloadSpec(
                250,
                List.of(new Monitor("heap", () -> this::heap), new Monitor("cpu", () -> () -> cpu)),
                maxConnections,
                actions,
                points,
                20,
                10_000,
                0);
    }

    private double heap() throws IOException {
        if (broken) {
            throw new IOException("no such thing");
        }
        return heap;
    }

    private static Action action(OverloadAction kind, Trigger... triggers) {
        return new Action(kind.configName(), kind, List.of(triggers), Map.of());
    }

    private void tick() {
        Runnable due = next;
        assertThat(due).isNotNull();
        next = null;
        nanos += 250_000_000;
        due.run();
    }

    private long gauge(String name) {
        return stats.gauge("overload." + name).value();
    }

    private OverloadState last() {
        return published.getLast();
    }

    @Test
    void thresholdsAndScalesFollowThePressure() {
        watch(
                spec(
                        0,
                        List.of(
                                action(
                                        OverloadAction.STOP_ACCEPTING_REQUESTS,
                                        new Trigger("heap", 0.5, 0.9)),
                                action(
                                        OverloadAction.DISABLE_HTTP_KEEPALIVE,
                                        new Trigger("heap", 0.7, 0.7))),
                        List.of()));
        tick();
        assertThat(published).as("nothing has changed").isEmpty();

        heap = 0.6;
        tick();
        assertThat(last().value(OverloadAction.STOP_ACCEPTING_REQUESTS)).isEqualTo(0.25f);
        assertThat(last().value(OverloadAction.DISABLE_HTTP_KEEPALIVE)).isZero();
        assertThat(gauge("heap.pressure")).isEqualTo(60);
        assertThat(gauge(STOP + ".scale_percent")).isEqualTo(25);
        assertThat(gauge(STOP + ".active")).isZero();

        heap = 0.95;
        tick();
        assertThat(last().saturated(OverloadAction.STOP_ACCEPTING_REQUESTS)).isTrue();
        assertThat(last().saturated(OverloadAction.DISABLE_HTTP_KEEPALIVE)).isTrue();
        assertThat(gauge(STOP + ".active")).isEqualTo(1);

        tick();
        assertThat(published).as("only changes are published").hasSize(2);

        heap = 0;
        tick();
        assertThat(last().quiet()).isTrue();
    }

    @Test
    void theMostDemandingResourceCounts() {
        watch(
                spec(
                        0,
                        List.of(
                                action(
                                        OverloadAction.STOP_ACCEPTING_REQUESTS,
                                        new Trigger("heap", 0, 1),
                                        new Trigger("cpu", 0, 1))),
                        List.of()));
        heap = 0.5;
        cpu = 0.25;
        tick();
        assertThat(last().value(OverloadAction.STOP_ACCEPTING_REQUESTS)).isEqualTo(0.5f);
        heap = 0;
        tick();
        assertThat(last().value(OverloadAction.STOP_ACCEPTING_REQUESTS)).isEqualTo(0.25f);
    }

    @Test
    void aFailedMeasurementLeavesInForceWhatWas() {
        watch(
                spec(
                        0,
                        List.of(
                                action(
                                        OverloadAction.STOP_ACCEPTING_REQUESTS,
                                        new Trigger("heap", 0.5, 0.5))),
                        List.of()));
        heap = 1;
        tick();
        broken = true;
        tick();
        tick();
        assertThat(published).hasSize(1);
        assertThat(stats.counter("overload.heap.failed_updates").value()).isEqualTo(2);
    }

    @Test
    void pointsCountWhatWorkersShed() {
        watch(
                spec(
                        0,
                        List.of(),
                        List.of(
                                new Point(
                                        ACCEPT,
                                        LoadShedPoint.TCP_LISTENER_ACCEPT,
                                        List.of(new Trigger("heap", 0, 1))),
                                new Point("own", null, List.of(new Trigger("heap", 0, 1))))));
        heap = 0.5;
        tick();
        assertThat(last().value(LoadShedPoint.TCP_LISTENER_ACCEPT)).isEqualTo(0.5f);
        assertThat(gauge(ACCEPT + ".scale_percent")).isEqualTo(50);
        assertThat(gauge("own.scale_percent")).isEqualTo(50);

        effects.shed(LoadShedPoint.TCP_LISTENER_ACCEPT, 0);
        effects.shed(LoadShedPoint.HCM_ONDATA_CREATING_CODEC, 0);
        effects.reset(3, 0);

        assertThat(stats.counter("overload." + ACCEPT + ".shed_load_count").value()).isEqualTo(1);
        assertThat(stats.counter("envoy.overload_actions.reset_high_memory_stream.count").value())
                .isEqualTo(3);
    }

    @Test
    void timeoutsAreScaledByTheirAction() {
        watch(
                spec(
                        0,
                        List.of(
                                new Action(
                                        "mine",
                                        OverloadAction.REDUCE_TIMEOUTS,
                                        List.of(new Trigger("heap", 0, 1)),
                                        Map.of(
                                                ScaledTimeout.HTTP_DOWNSTREAM_STREAM_IDLE,
                                                ScaledMinimum.ofMillis(1)))),
                        List.of()));
        heap = 1;
        tick();
        assertThat(last().scalesLike(OverloadState.QUIET)).isFalse();
        assertThat(last().minimumPower()).isEqualTo(20);
        assertThat(gauge("mine.active")).isEqualTo(1);
    }

    @Test
    void connectionsOfTheProcessAreAResourceToo() {
        String name = "envoy.resource_monitors.global_downstream_max_connections";
        watch(
                spec(
                        10,
                        List.of(
                                action(
                                        OverloadAction.STOP_ACCEPTING_REQUESTS,
                                        new Trigger(name, 0.3, 0.3))),
                        List.of()));
        connections = 0.4;
        tick();
        assertThat(last().saturated(OverloadAction.STOP_ACCEPTING_REQUESTS)).isTrue();
        assertThat(gauge(name + ".pressure")).isEqualTo(40);
    }

    @Test
    void nothingIsMeasuredAfterTheEnd() {
        OverloadWatch watch =
                watch(
                        spec(
                                0,
                                List.of(
                                        action(
                                                OverloadAction.STOP_ACCEPTING_REQUESTS,
                                                new Trigger("heap", 0.5, 0.5))),
                                List.of()));
        heap = 1;
        Runnable due = next;
        watch.close();
        assertThat(next).as("the timer is cancelled").isNull();
        due.run();
        assertThat(published).isEmpty();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        assertThat(delay).isEqualTo(Duration.ofMillis(250));
        next = task;
        return () -> next = null;
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }
}
