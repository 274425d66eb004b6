package dev.attache.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderMatcherTest {

    @ParameterizedTest
    @CsvSource({
        "5, true",
        "+5, true",
        "0005, true",
        "' 5 ', true",
        "-5, true",
        "9223372036854775806, true",
        "9223372036854775807, false",
        "9223372036854775808, false",
        "99999999999999999999, false",
        "-9223372036854775808, true",
        "-9223372036854775809, false",
        "5x, false",
        "x, false",
        "-, false",
        "'', false",
        "+-5, false",
        "5.0, false",
    })
    void a_range_is_of_whole_numbers(String value, boolean within) {
        Headers headers = new Headers();
        headers.add(HeaderName.of("x-n"), value);
        HeaderMatcher matcher =
                new HeaderMatcher(
                        HeaderName.of("x-n"),
                        new HeaderMatcher.Test.Range(Long.MIN_VALUE, Long.MAX_VALUE),
                        false,
                        false);
        assertThat(matcher.matches(headers)).isEqualTo(within);
    }
}
