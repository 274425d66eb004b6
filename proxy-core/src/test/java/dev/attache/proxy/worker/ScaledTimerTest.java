package dev.attache.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.overload.ScaledMinimum;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.overload.TimeoutScale;
import dev.attache.proxy.upstream.FakeWorker;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ScaledTimerTest {

    private static final ScaledTimeout KIND = ScaledTimeout.HTTP_DOWNSTREAM_CONNECTION_IDLE;

    private final FakeWorker worker = new FakeWorker();
    private int fired;
    private final ScaledTimer timer =
            new ScaledTimer(worker, KIND) {
                @Override
                protected void expire() {
                    fired++;
                }
            };

    @AfterEach
    void nothingIsLeft() {
        assertThat(worker.timers().pending()).isZero();
    }

    private void scale(ScaledMinimum minimum, float value) {
        worker.overload()
                .adopt(
                        new OverloadState(
                                Map.of(),
                                Map.of(),
                                Map.of(KIND, new TimeoutScale(minimum, value)),
                                0),
                        OverloadEffects.UNHEARD);
        worker.timers().rescale();
    }

    private void firesAfter(long millis) {
        worker.advance(millis - 1);
        assertThat(fired).isZero();
        worker.advance(2);
        assertThat(fired).isEqualTo(1);
    }

    @Test
    void isATimerWhereNothingIsScaled() {
        timer.arm(1000);
        firesAfter(1000);
    }

    @Test
    void waitsForTheMinimumWhereTheScaleIsSaturated() {
        scale(ScaledMinimum.ofMillis(200), 1);
        timer.arm(1000);
        firesAfter(200);
    }

    @Test
    void waitsInBetweenWhereTheScaleIs() {
        // Envoy's example: 2 s + (600 s - 2 s) * 0.3.
        scale(ScaledMinimum.ofMillis(2_000), 0.7f);
        timer.arm(600_000);
        firesAfter(181_400);
    }

    @Test
    void aMinimumMayBeAShareOfTheTimeout() {
        scale(ScaledMinimum.ofShare(0.1), 1);
        timer.arm(1000);
        firesAfter(100);
    }

    @Test
    void aMinimumNeverMakesATimeoutLonger() {
        scale(ScaledMinimum.ofMillis(5_000), 1);
        timer.arm(1000);
        firesAfter(1000);
    }

    @Test
    void whatRunsIsShortenedAsOfWhenItWasArmed() {
        timer.arm(1000);
        worker.advance(300);
        scale(ScaledMinimum.ofMillis(400), 1);
        firesAfter(100);
    }

    @Test
    void whatIsOverdueFiresAtOnce() {
        timer.arm(1000);
        worker.advance(500);
        scale(ScaledMinimum.ofMillis(400), 1);
        worker.advance(1);
        assertThat(fired).isEqualTo(1);
    }

    @Test
    void whatRunsGetsItsTimeBack() {
        scale(ScaledMinimum.ofMillis(400), 1);
        timer.arm(1000);
        worker.advance(300);
        scale(ScaledMinimum.ofMillis(400), 0);
        firesAfter(700);
    }

    @Test
    void mayBeArmedAsOfBefore() {
        scale(ScaledMinimum.ofMillis(400), 1);
        timer.arm(1000, 300);
        firesAfter(100);
    }
}
