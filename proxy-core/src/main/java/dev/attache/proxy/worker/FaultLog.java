package dev.attache.proxy.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines about code that is not the engine's own and threw where it may not: one a second
 * with its stack, the next says how many were left out. Any thread.
 */
public final class FaultLog {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger logger;
    private final AtomicLong written = new AtomicLong(System.nanoTime() - INTERVAL_NANOS);
    private final AtomicLong leftOut = new AtomicLong();

    /**
     * @param component the logger's name
     */
    public FaultLog(String component) {
        this.logger = LoggerFactory.getLogger(component);
    }

    /**
     * @param what says who threw, in which call, and what it costs
     */
    public void error(String what, Throwable why) {
        long now = System.nanoTime();
        long last = written.get();
        if (now - last < INTERVAL_NANOS || !written.compareAndSet(last, now)) {
            leftOut.incrementAndGet();
            return;
        }
        logger.error(
                "{} ({} more exceptions since the last line)", what, leftOut.getAndSet(0), why);
    }
}
