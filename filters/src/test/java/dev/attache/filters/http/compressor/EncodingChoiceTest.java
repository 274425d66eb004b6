package dev.attache.filters.http.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.http.compressor.EncodingChoice.Decision;
import dev.attache.filters.http.compressor.EncodingChoice.Reason;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EncodingChoiceTest {
    private static final BodyRules TEXT = new BodyRules(true, 30, Set.of("text/plain"));
    private static final BodyRules JSON = new BodyRules(true, 30, Set.of("application/json"));

    private final EncodingChoice choice = EncodingChoice.of(new FilterState(null));

    private static Headers typed(String type) {
        Headers headers = new Headers();
        headers.add(HeaderName.CONTENT_TYPE, type);
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gzip, br;q=0.5       | gzip     | VALID_COMPRESSOR
                    gzip;q=0.1, br;q=0.5 | br       | VALID_COMPRESSOR
                    br, gzip             | gzip     | VALID_COMPRESSOR
                    gzip, br             | gzip     | VALID_COMPRESSOR
                    *                    | br       | WILDCARD
                    gzip;q=0, *          | br       | WILDCARD
                    br;q=0, gzip;q=0, *  | identity | NOT_VALID
                    identity             | identity | IDENTITY
                    identity, gzip;q=0.9 | identity | IDENTITY
                    deflate              | identity | NOT_VALID
                    gzip;q=high          | identity | NOT_VALID
                    gzip ; Q = 0.3       | gzip     | VALID_COMPRESSOR
                    """)
    void theHighestWeightWinsAndChooseFirstBreaksTies(String accept, String encoding, Reason why) {
        choice.offer("br", TEXT, false);
        choice.offer("gzip", TEXT, true);
        assertThat(choice.decide(accept, typed("text/plain; charset=utf-8")))
                .isEqualTo(new Decision(encoding, why));
    }

    @Test
    void aCompressorThatDoesNotTakeTheTypeIsNoChoice() {
        choice.offer("gzip", TEXT, false);
        choice.offer("br", JSON, false);
        assertThat(choice.decide("gzip, br;q=0.5", typed("application/json")).encoding())
                .isEqualTo("br");
    }

    @Test
    void theFirstToAskDecidesForAll() {
        choice.offer("gzip", TEXT, false);
        Decision first = choice.decide("gzip", typed("text/plain"));
        assertThat(choice.decide("br", typed("text/plain"))).isSameAs(first);
    }
}
