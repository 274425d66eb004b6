package dev.attache.proxy.worker;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * An I/O handler that tells the loop's pulse when it waits and when it works. Netty asks its
 * context whether it may block right before it does, and whether to measure right after it woke up
 * with something to do. Loop-confined, as what it wraps.
 */
final class PulsedIoHandler implements IoHandler {

    private final IoHandler inner;
    private final LoopPulse pulse;
    private final Listening context;

    PulsedIoHandler(IoHandler inner, LoopPulse pulse) {
        this.inner = inner;
        this.pulse = pulse;
        this.context = new Listening(pulse);
    }

    @Override
    public void initialize() {
        pulse.beats(Thread.currentThread());
        inner.initialize();
    }

    @Override
    public int run(IoHandlerContext loop) {
        pulse.next();
        context.loop = loop;
        int handled = inner.run(context);
        pulse.works();
        return handled;
    }

    @Override
    public void prepareToDestroy() {
        inner.prepareToDestroy();
    }

    @Override
    public void destroy() {
        inner.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return inner.register(handle);
    }

    @Override
    public void wakeup() {
        inner.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return inner.isCompatible(type);
    }

    /** The loop's context, listened to. */
    private static final class Listening implements IoHandlerContext {

        private final LoopPulse pulse;

        /** Set before each run; Netty's loop has one and the same. */
        @SuppressWarnings("NullAway.Init")
        private IoHandlerContext loop;

        Listening(LoopPulse pulse) {
            this.pulse = pulse;
        }

        @Override
        public boolean canBlock() {
            boolean may = loop.canBlock();
            if (may) {
                pulse.waits();
            }
            return may;
        }

        @Override
        public long delayNanos(long now) {
            return loop.delayNanos(now);
        }

        @Override
        public long deadlineNanos() {
            return loop.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            loop.reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            pulse.works();
            return loop.shouldReportActiveIoTime();
        }
    }
}
