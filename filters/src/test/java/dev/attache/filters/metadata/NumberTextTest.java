package dev.attache.filters.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberTextTest {

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "+7,7",
        "-0.5,-0.5",
        ".5,0.5",
        "1.,1",
        "1e3,1000",
        "1E-2,0.01",
        "0x10,16",
        "-0x1.8p1,-3",
        "0x.8,0.5",
        "inf,Infinity",
        "-Infinity,-Infinity",
        "1e400,Infinity",
        "1e-400,0",
        "' 4.50 ',4.5",
        "0xfFp-2,63.75"
    })
    void numbersInWhateverForm(String text, double number) {
        assertThat(NumberText.parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "abc", "1d", "5f", "+-1", "--1", "1_000", "12 13", "1e", ".", "0x", "0x1p",
                "nan(-)", "1.2.3", "e5", "infi"
            })
    void whatIsNone(String text) {
        assertThat(NumberText.parse(text)).isNull();
    }

    @Test
    void whatIsExpresslyNone() {
        assertThat(NumberText.parse("-NaN")).isNaN();
        assertThat(NumberText.parse("nan(box_1)")).isNaN();
    }
}
