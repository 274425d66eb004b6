package dev.attache.testkit.filter;

import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.ArrayList;
import java.util.List;

/** What a filter has left behind. Confined to the test's thread. */
final class Leftovers {

    private final TestWorker worker;
    private final List<String> found = new ArrayList<>();

    Leftovers(TestWorker worker) {
        this.worker = worker;
    }

    void unless(boolean tidy, String otherwise) {
        if (!tidy) {
            found.add(otherwise);
        }
    }

    /** Calls that outlive the streams for which they were made, and what listeners threw. */
    void calls(SideCalls calls) {
        for (SideCall call : calls.open()) {
            found.add("a call outlives its stream: " + call);
        }
        for (String fault : calls.faults()) {
            found.add("a call's listener threw: " + fault);
        }
    }

    /** Timers, memory that is charged, buffers. */
    void onWorker() {
        int timers = worker.timers().pending();
        unless(timers == 0, "timers that nobody cancelled: " + timers);
        long heap = worker.memory().heapHeld();
        long direct = worker.memory().directHeld();
        unless(
                heap == 0 && direct == 0,
                "memory that is still charged: %d bytes of heap, %d of direct memory"
                        .formatted(heap, direct));
        for (String buffer : worker.allocator().held()) {
            found.add("a buffer was not released: " + buffer);
        }
    }

    /**
     * @throws AssertionError something was found
     */
    void none() {
        if (!found.isEmpty()) {
            throw new AssertionError("left behind:\n  " + String.join("\n  ", found));
        }
    }
}
