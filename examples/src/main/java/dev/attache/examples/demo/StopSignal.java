package dev.attache.examples.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C or SIGTERM, to wait for. The first one is noted, a second one ends the process at once, as
 * it would have without this. Any thread.
 */
final class StopSignal {

    private final CountDownLatch came = new CountDownLatch(1);
    private volatile int number;

    private StopSignal() {}

    /** Takes both signals over; from now on they no longer end the process. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), stop::note);
        }
        return stop;
    }

    private void note(Signal signal) {
        number = signal.getNumber();
        Signal.handle(signal, SignalHandler.SIG_DFL);
        came.countDown();
    }

    void await() throws InterruptedException {
        came.await();
    }

    /** Waits at most so long; true if a signal has come. */
    boolean await(Duration limit) throws InterruptedException {
        return came.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The number of the signal that came; 0 before one has. */
    int number() {
        return number;
    }
}
