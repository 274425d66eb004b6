package dev.attache.proxy.upstream.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EdfScheduleTest {

    private static List<String> turns(EdfSchedule<String> schedule, Map<String, Double> w, int n) {
        List<String> picked = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            picked.add(schedule.next(w::get));
        }
        return picked;
    }

    @Test
    void equalWeightsTakeTurnsInOrder() {
        Map<String, Double> weights = Map.of("a", 1.0, "b", 1.0, "c", 1.0);
        EdfSchedule<String> schedule = new EdfSchedule<>(List.of("a", "b", "c"), weights::get, 0);
        assertThat(turns(schedule, weights, 6)).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void weightsAreRatios() {
        // Deadlines: a at 0.5, 1, 1.5, ...; b at 1, 2, ...; of a tie, what was inserted first.
        Map<String, Double> weights = Map.of("a", 2.0, "b", 1.0);
        EdfSchedule<String> schedule = new EdfSchedule<>(List.of("a", "b"), weights::get, 0);
        assertThat(turns(schedule, weights, 8))
                .containsExactly("a", "b", "a", "a", "b", "a", "a", "b");
    }

    @Test
    void everyWindowIsFair() {
        Map<String, Double> weights = Map.of("a", 5.0, "b", 3.0, "c", 2.0);
        EdfSchedule<String> schedule = new EdfSchedule<>(List.of("a", "b", "c"), weights::get, 7);
        Map<String, Integer> counts = new HashMap<>();
        for (String each : turns(schedule, weights, 10_000)) {
            counts.merge(each, 1, Integer::sum);
        }
        assertThat(counts.get("a")).isBetween(4999, 5001);
        assertThat(counts.get("b")).isBetween(2999, 3001);
        assertThat(counts.get("c")).isBetween(1999, 2001);
    }

    @Test
    void followsWeightsThatChange() {
        Map<String, Double> weights = new HashMap<>(Map.of("a", 1.0, "b", 1.0));
        EdfSchedule<String> schedule = new EdfSchedule<>(List.of("a", "b"), weights::get, 0);
        turns(schedule, weights, 10);
        weights.put("b", 9.0);
        List<String> later = turns(schedule, weights, 1000);
        assertThat(later.stream().filter("b"::equals).count()).isBetween(895L, 905L);
    }
}
