package dev.attache.server.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.bootstrap.WatchdogSettings;
import dev.attache.config.bootstrap.WatchdogSettings.Limits;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.proxy.worker.LoopPulse;
import dev.attache.proxy.worker.LostThread;
import dev.attache.server.lifecycle.ProcessExit;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real loops that really stand still, and a clock that is the test's. */
class WatchdogTest {

    private static final Limits COUNTS = new Limits(200, 1000, 0, 0, 0);

    private final StatsStore stats = new StatsStore();
    private final LoopGroup mainLoop = LoopGroup.of("main", 1, true, LostThread.UNNOTICED);
    private final LoopGroup workers = LoopGroup.of("worker", 3, true, LostThread.UNNOTICED);
    private final CountDownLatch free = new CountDownLatch(1);
    private final List<Integer> codes = new ArrayList<>();
    private long millis;

    @AfterEach
    void end() {
        free.countDown();
        mainLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Watchdog dog(Limits ofWorkers) {
        return new Watchdog(
                new WatchdogSettings(COUNTS, ofWorkers),
                mainLoop.pulses().getFirst(),
                workers.pulses(),
                stats,
                codes::add);
    }

    private void pass(Watchdog dog, long time) {
        for (long until = millis + time; millis < until; ) {
            millis += 50;
            dog.look(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void block(EventExecutor loop) throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        loop.submit(() -> {
            began.countDown();
            return free.await(60, TimeUnit.SECONDS);
        });
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private void settle(LoopGroup group) throws InterruptedException {
        for (EventExecutor loop : group) {
            loop.submit(() -> {}).sync();
        }
        for (LoopPulse pulse : group.pulses()) {
            while (LoopPulse.working(pulse.turn())) {
                Thread.sleep(1);
            }
        }
    }

    private long count(String name) {
        return stats.counter(name).value();
    }

    @Test
    void whoWaitsMissesNothing() throws Exception {
        settle(mainLoop);
        settle(workers);
        Watchdog dog = dog(COUNTS);
        pass(dog, 60_000);
        assertThat(count("workers.watchdog_miss")).isZero();
        assertThat(count("main_thread.watchdog_miss")).isZero();
        assertThat(dog.workersTurn()).isTrue();
    }

    @Test
    void oneTurnIsOneMissAndOneMegaMiss() throws Exception {
        settle(mainLoop);
        settle(workers);
        EventLoop second = (EventLoop) iterate(1);
        block(second);
        Watchdog dog = dog(COUNTS);
        pass(dog, 500);
        assertThat(count("workers.watchdog_miss")).isEqualTo(1);
        assertThat(count("workers.watchdog_mega_miss")).isZero();
        pass(dog, 1_500);
        assertThat(count("workers.watchdog_miss")).isEqualTo(1);
        assertThat(count("workers.watchdog_mega_miss")).isEqualTo(1);
        assertThat(count("server.worker_1.watchdog_mega_miss")).isEqualTo(1);
        assertThat(count("server.worker_0.watchdog_mega_miss")).isZero();
        assertThat(count("server.main_thread.watchdog_mega_miss")).isZero();
        assertThat(dog.workersTurn()).isTrue();
        pass(dog, 10_000);
        assertThat(dog.workersTurn()).isFalse();
        assertThat(codes).isEmpty();
        free.countDown();
        settle(workers);
        pass(dog, 100);
        assertThat(dog.workersTurn()).isTrue();
    }

    @Test
    void killTimeoutsEndTheProcess() throws Exception {
        settle(workers);
        block(iterate(0));
        Watchdog dog = dog(new Limits(200, 1000, 3000, 0, 0));
        pass(dog, 2_500);
        assertThat(codes).isEmpty();
        pass(dog, 600);
        assertThat(codes).contains(ProcessExit.WATCHDOG);
    }

    @Test
    void oneThreadIsNoMultiKill() throws Exception {
        settle(workers);
        Limits limits = new Limits(200, 1000, 0, 2000, 60);
        block(iterate(0));
        Watchdog dog = dog(limits);
        pass(dog, 5_000);
        assertThat(codes).isEmpty();
        block(iterate(2));
        pass(dog, 2_500);
        assertThat(codes).contains(ProcessExit.WATCHDOG);
    }

    /** SIGSTOP, a collection, a starved machine: nobody could have come round. */
    @Test
    void aProcessThatStoodStillAsAWholeMissesNothing() throws Exception {
        settle(workers);
        block(iterate(0));
        Watchdog dog = dog(new Limits(200, 1000, 3000, 0, 0));
        pass(dog, 100);
        millis += 30_000;
        pass(dog, 50);
        assertThat(codes).isEmpty();
        assertThat(count("workers.watchdog_mega_miss")).isZero();
    }

    @Test
    void theFilterInAStackIsTheOneThatThePipelineCalled() {
        StackTraceElement[] stack = {
            frame("java.lang.Thread", "sleep"),
            frame("test.SlowThing", "work"),
            frame("test.SlowFilter", "onRequestHeaders"),
            frame("dev.attache.proxy.pipeline.FilterPipeline$RequestFlow", "callHeaders"),
            frame("dev.attache.proxy.pipeline.Flow", "headers"),
            frame("dev.attache.filters.Outer", "onRequestHeaders"),
            frame("dev.attache.proxy.pipeline.FilterPipeline$RequestFlow", "callHeaders"),
        };
        assertThat(Reports.filter(stack)).isEqualTo("test.SlowFilter");
        assertThat(Reports.filter(new StackTraceElement[] {frame("a.B", "onData")})).isNull();
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "X.java", 1);
    }

    private EventExecutor iterate(int index) {
        List<EventExecutor> all = new ArrayList<>();
        workers.forEach(all::add);
        return all.get(index);
    }
}
