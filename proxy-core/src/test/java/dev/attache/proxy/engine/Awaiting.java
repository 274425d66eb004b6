package dev.attache.proxy.engine;

import java.util.function.BooleanSupplier;

/** Polls with a deadline, where the other side of a real socket decides when. */
final class Awaiting {

    private Awaiting() {}

    static void until(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            Thread.sleep(5);
        }
    }
}
