package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.worker.WorkerContext;

/** What an engine must not have when its connections are gone. */
final class Leftovers {

    private Leftovers() {}

    /** Waits until connections and timers have gone, closes, and looks at what is charged. */
    static void none(Engine engine) throws InterruptedException {
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        Awaiting.until(() -> engine.pendingTimers() == 0, "timers are gone");
        engine.close();
        nothingHeld(engine);
    }

    /** Of a closed engine: everything that was charged has been given back. */
    static void nothingHeld(Engine engine) {
        for (WorkerContext worker : engine.workers()) {
            WorkerMemory memory = worker.memory();
            assertThat(memory.heapHeld()).as("bytes of heap charged").isZero();
            assertThat(memory.directHeld()).as("bytes of direct memory charged").isZero();
            assertThat(memory.accounts()).as("open accounts").isZero();
        }
    }
}
