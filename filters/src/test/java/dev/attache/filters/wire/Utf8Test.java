package dev.attache.filters.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "\u00c3\u00a9, \u00e9",
        "a\u00e9b, a!b",
        "a\u00c3, a!",
        "\u00f0\u009f\u0098\u0080, \ud83d\ude00",
        "\u00ff\u00fe, !!"
    })
    void whatIsNoTextBecomesMarksAndTheRestStays(String octets, String text) {
        assertThat(Utf8.of(octets)).isEqualTo(text);
    }
}
