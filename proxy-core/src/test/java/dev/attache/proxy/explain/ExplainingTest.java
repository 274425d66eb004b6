package dev.attache.proxy.explain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainingTest {

    private final Explaining explaining = new Explaining(2);

    @Test
    void keepsNothingUnlessItIsToldTo() {
        explaining.add(0, decision("a", 1));
        assertThat(explaining.isOn()).isFalse();
        assertThat(explaining.latest()).isEmpty();
    }

    @Test
    void findsTheYoungestOfAnIdentifierOnWhicheverWorkerItWas() {
        explaining.keep(100_000);
        explaining.add(0, decision("a", 1));
        explaining.add(1, decision("b", 2));
        explaining.add(1, decision("a", 3));
        Decision found = explaining.find("a");
        assertThat(found).isNotNull();
        assertThat(found.endMillis()).isEqualTo(3);
        assertThat(explaining.find("c")).isNull();
        assertThat(explaining.latest()).extracting(Decision::id).containsExactly("a", "b", "a");
    }

    @Test
    void holdsNoMoreBytesThanItMay() {
        long room = 10L * decision("a", 0).bytes();
        explaining.keep(2 * room);
        for (int i = 0; i < 1000; i++) {
            explaining.add(0, decision("a", i));
        }
        assertThat(explaining.latest()).hasSize(10);
        assertThat(explaining.latest().getFirst().endMillis()).isEqualTo(999);
        explaining.keep(0);
        assertThat(explaining.latest()).isEmpty();
        assertThat(explaining.isOn()).isFalse();
    }

    @Test
    void tellsWhoKnowsTheSecret() {
        assertThat(explaining.isSecret("sesame".getBytes(US_ASCII))).isFalse();
        explaining.secret("sesame".getBytes(US_ASCII));
        assertThat(explaining.isOn()).isTrue();
        assertThat(explaining.isSecret("sesame".getBytes(US_ASCII))).isTrue();
        assertThat(explaining.isSecret("sesam".getBytes(US_ASCII))).isFalse();
        explaining.secret(null);
        assertThat(explaining.isOn()).isFalse();
    }

    @Test
    void aListThatIsTooLongSaysWhatItLeavesOut() {
        Explanation said = new Explanation();
        for (int i = 0; i < Explanation.MOST_ITEMS + 3; i++) {
            said.item("routes").say("position", i);
        }
        assertThat((List<?>) said.facts().get("routes")).hasSize(Explanation.MOST_ITEMS);
        assertThat(said.facts().get("routes_left_out")).isEqualTo(3L);
    }

    private static Decision decision(String id, long millis) {
        Question question =
                new Question(
                        "l",
                        null,
                        null,
                        false,
                        null,
                        List.of(),
                        null,
                        false,
                        "GET",
                        null,
                        "a.test",
                        "/path",
                        List.of(new Question.Field("x-request-id", id)),
                        7L);
        return new Decision(id, millis, question, new Explanation().say("route", "r"));
    }
}
