package dev.attache.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** What the launcher records must run to its end, or nobody has an AOT cache. */
class RehearsalIT {

    @Test
    void everyRequestIsAnswered() {
        assertThatCode(() -> Rehearsal.main(new String[0])).doesNotThrowAnyException();
    }
}
