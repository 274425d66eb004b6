package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.attache.config.Compiled;
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
    void isReadToTheNanosecond(String text, long seconds, int nanos) {
        Duration duration = read(text).orThrow().message();
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
        assertThat(read(text))
                .isInstanceOfSatisfying(
                        Compiled.Rejected.class,
                        refused -> assertThat(refused.summary()).contains(reason));
    }

    private static Compiled<LoadedConfig<Duration>> read(String text) {
        return new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT)
                .json("\"" + text + "\"", "a.json", Duration.getDefaultInstance(), "test");
    }
}
