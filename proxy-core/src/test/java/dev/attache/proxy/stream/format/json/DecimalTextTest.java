package dev.attache.proxy.stream.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-2147483648, -2147483648",
        "0.1, 0.1",
        "1e21, 1e+21",
        "123456789.125, 123456789.125",
        "0.3333333333333333, 0.33333333333333331",
        "-1e-7, -1e-07",
        "0.0001, 0.0001",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "100000, 100000",
        "1e15, 1e+15"
    })
    void numbersAreAsShortAsTheyReadBack(double value, String text) {
        assertThat(DecimalText.roundTrip(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.1", "16777216, 16777216", "3.4028235e38, 3.40282347e+38", "1e20, 1e+20"})
    void soAreSmallerOnes(float value, String text) {
        assertThat(DecimalText.roundTrip(value)).isEqualTo(text);
    }
}
