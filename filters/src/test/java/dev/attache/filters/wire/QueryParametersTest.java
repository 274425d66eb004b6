package dev.attache.filters.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueryParametersTest {

    @Test
    void sortsByKeyAndKeepsTheOrderOfValues() {
        assertThat(rewritten("/p?b=2&a=1&b=1&c")).isEqualTo("/p?a=1&b=2&b=1&c=");
    }

    @Test
    void aPathWithoutAQueryStaysAsItIs() {
        assertThat(rewritten("/p")).isEqualTo("/p");
        assertThat(rewritten("/p?")).isEqualTo("/p");
        assertThat(rewritten("")).isEmpty();
    }

    @Test
    void emptyKeysAndValuesAreKept() {
        assertThat(rewritten("/p?&=x&k=&")).isEqualTo("/p?=&=x&k=");
    }

    @Test
    void decodesWhatIsEncodedAndLeavesTheRest() {
        assertThat(rewritten("/p?%6B=%41%2F&z=%zz&y=%4&x=%&w=a+b"))
                .isEqualTo("/p?k=A/&w=a+b&x=%&y=%4&z=%zz");
    }

    @Test
    void whatCannotStandInAPathIsEncodedAgain() {
        assertThat(rewritten("/p?a%20b=%0d%0a%7f\u00e4")).isEqualTo("/p?a%20b=%0D%0A%7F\u00e4");
    }

    @Test
    void everythingButLettersDigitsAndFourMarksIsEncoded() {
        assertThat(QueryParameters.encode("azAZ09*-._")).isEqualTo("azAZ09*-._");
        assertThat(QueryParameters.encode("a ~b/\u00ff")).isEqualTo("a%20%7Eb%2F%FF");
    }

    private static String rewritten(String path) {
        return QueryParameters.of(path).in(path);
    }
}
