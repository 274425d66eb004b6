package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.attache.config.SourcePosition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text form of {@code google.protobuf.Duration}. */
class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0s, 0, 0",
        "5s, 5, 0",
        "0.25s, 0, 250000000",
        "1.000000001s, 1, 1",
        "-0.5s, 0, -500000000",
        "-3.1s, -3, -100000000",
        "315576000000.999999999s, 315576000000, 999999999",
        "-315576000000s, -315576000000, 0",
        "000000000000000000000000007s, 7, 0",
    })
    void isReadToTheNanosecond(String text, long seconds, int nanos) throws BadValueException {
        Duration duration = read(text);
        assertThat(duration.getSeconds()).isEqualTo(seconds);
        assertThat(duration.getNanos()).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({
        "315576000001s, duration out of range",
        "-315576000001s, duration out of range",
        "99999999999999999999999999s, duration out of range",
        "5, duration must end with a single 's'",
        "1.0000000001s, duration must end with a single 's'",
        "s, duration must start with an integer",
    })
    void isRefusedWithEnvoysWords(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadValueException.class)
                .extracting(e -> ((BadValueException) e).text())
                .isEqualTo(reason);
    }

    private static Duration read(String text) throws BadValueException {
        Duration.Builder builder = Duration.newBuilder();
        assertThat(
                        WellKnownTypes.merge(
                                new ConfigNode.Text(text, new SourcePosition("test", 1, 1)),
                                builder))
                .isTrue();
        return builder.build();
    }
}
