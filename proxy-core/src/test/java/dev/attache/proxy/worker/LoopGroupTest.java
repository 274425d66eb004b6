package dev.attache.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LoopGroupTest {

    private record Lost(String thread, String why) {}

    private final BlockingQueue<Lost> lost = new LinkedBlockingQueue<>();
    private final LoopGroup group =
            LoopGroup.of(
                    "loop",
                    1,
                    true,
                    (thread, why) -> lost.add(new Lost(thread.getName(), String.valueOf(why))));
    private final EventLoop loop = group.next();
    private final LoopPulse pulse = group.pulses().getFirst();

    @AfterEach
    void end() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void anErrorThatEndsALoopIsToldWithTheThreadAndTheCause() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable());
        FileDescriptor[] pipe = FileDescriptor.pipe();
        IoRegistration registration =
                ((IoEventLoop) loop).register(new Bomb(pipe[0])).sync().getNow();
        loop.submit(() -> registration.submit(EpollIoOps.EPOLLIN)).sync();
        pipe[1].close();
        Lost told = lost.poll(10, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.thread()).startsWith("loop-");
        assertThat(told.why()).isEqualTo("java.lang.OutOfMemoryError: test");
        pipe[0].close();
    }

    @Test
    void aTaskThatThrowsAnErrorEndsNothing() throws Exception {
        loop.execute(() -> {
            throw new StackOverflowError("test");
        });
        assertThat(loop.submit(() -> 7).get(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(lost).isEmpty();
    }

    @Test
    void aLoopThatIsShutDownBehindItsGroupIsLost() throws Exception {
        loop.execute(() -> {});
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(lost.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void theGroupsOwnEndIsNoLoss() throws Exception {
        loop.submit(() -> {}).sync();
        end();
        assertThat(loop.isTerminated()).isTrue();
        assertThat(lost).isEmpty();
    }

    @Test
    void aPulseStandsOnlyWhileTheLoopIsInOneTurn() throws Exception {
        loop.submit(() -> {}).sync();
        await(() -> !LoopPulse.working(pulse.turn()));
        assertThat(pulse.thread()).isNotNull();

        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        loop.submit(() -> {
            began.countDown();
            return free.await(10, TimeUnit.SECONDS);
        });
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        long blocked = pulse.turn();
        assertThat(LoopPulse.working(blocked)).isTrue();
        free.countDown();
        await(() -> pulse.turn() != blocked && !LoopPulse.working(pulse.turn()));
    }

    @Test
    void aLoopThatNeverWaitsTakesTurnsAllTheSame() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Runnable again =
                new Runnable() {
                    @Override
                    public void run() {
                        if (!enough.get()) {
                            loop.execute(this);
                        }
                    }
                };
        loop.execute(again);
        loop.submit(() -> {}).sync();
        long seen = pulse.turn();
        try {
            await(() -> pulse.turn() > seen + 2);
        } finally {
            enough.set(true);
        }
    }

    /** A blocked handler of I/O, too, is a turn that does not end. */
    @Test
    void workOnSocketsIsPartOfTheTurn() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable());
        FileDescriptor[] pipe = FileDescriptor.pipe();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        IoRegistration registration =
                ((IoEventLoop) loop).register(new Sleeper(pipe[0], began, free)).sync().getNow();
        loop.submit(() -> registration.submit(EpollIoOps.EPOLLIN)).sync();
        pipe[1].close();
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(LoopPulse.working(pulse.turn())).isTrue();
        free.countDown();
        await(() -> !LoopPulse.working(pulse.turn()));
        pipe[0].close();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    /** What Netty does not catch: an error out of its own handling of a descriptor. */
    private record Bomb(FileDescriptor fd) implements EpollIoHandle {

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            throw new OutOfMemoryError("test");
        }

        @Override
        public void close() {}
    }

    private record Sleeper(FileDescriptor fd, CountDownLatch began, CountDownLatch free)
            implements EpollIoHandle {

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            began.countDown();
            try {
                free.await(10, TimeUnit.SECONDS);
                registration.cancel();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {}
    }
}
