package dev.attache.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a drain time does not outlive the server, and is done once. */
class DeferredTest {

    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Deferred deferred = new Deferred((millis, action) -> timers.add(action));

    @Test
    void whatHasTimeWaitsForTheTimer() {
        deferred.run(10, () -> done.add("late"));
        deferred.run(0, () -> done.add("now"));
        assertThat(done).containsExactly("now");
        timers.getFirst().run();
        assertThat(done).containsExactly("now", "late");
        deferred.close();
        assertThat(done).hasSize(2);
    }

    @Test
    void theEndDoesWhatWaitsAndTimersComeTooLate() {
        deferred.run(10, () -> done.add("late"));
        deferred.close();
        deferred.run(10, () -> done.add("after"));
        assertThat(done).containsExactly("late", "after");
        timers.forEach(Runnable::run);
        assertThat(done).hasSize(2);
    }
}
