package dev.attache.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {

    @ParameterizedTest
    @CsvSource({
        "a=1&b=2,b,2",
        "a=1&b=2&b=3,b,2",
        "b,b,''",
        "b=,b,''",
        "b=c=d,b,c=d",
        "%62=%41%zz%4,b,A%zz%4",
        "a=1,b,",
        "'',b,",
        "a&&b=1,b,1",
    })
    void theFirstValueIsFound(String query, String name, String expected) {
        assertThat(QueryString.first(query, name)).isEqualTo(expected);
    }

    /** What is left is what the client wrote, blanks and all that is encoded included. */
    @ParameterizedTest
    @CsvSource({
        "/p?t=1,/p",
        "/p?t=1&t=2,/p",
        "/p?a=%20x&t=1&b,/p?a=%20x&b",
        "/p?%74=1&a=1,/p?a=1",
        "/p?a=%0d%0a&t,/p?a=%0d%0a",
        "/p?tt=1,/p?tt=1",
        "/p,/p",
        "/p?,/p?",
    })
    void aParameterIsTakenAway(String path, String expected) {
        assertThat(QueryString.without(path, "t")).isEqualTo(expected);
    }

    @Test
    void aPathMayHaveNoQuery() {
        assertThat(QueryString.of("/p")).isNull();
        assertThat(QueryString.of("/p?")).isEmpty();
    }
}
