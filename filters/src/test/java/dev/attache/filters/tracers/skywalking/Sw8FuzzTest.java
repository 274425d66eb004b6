package dev.attache.filters.tracers.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code sw8}: what is read comes back as it was. */
@Tag("wire")
class Sw8FuzzTest {

    static Stream<byte[]> texts() {
        return Stream.of(
                        "1-dA==-cw==-3-c2VydmljZQ==-aW5zdGFuY2U=-ZW5kcG9pbnQ=-MTAuMC4wLjE6ODA=",
                        "2-dA==-cw==-3-c2VydmljZQ==-aW5zdGFuY2U=-ZW5kcG9pbnQ=-MTAuMC4wLjE6ODA=",
                        "1-!-cw==-3-c2VydmljZQ==-aW5zdGFuY2U=-ZW5kcG9pbnQ=-MTAuMC4wLjE6ODA=",
                        "1-dA==-cw==-x-c2VydmljZQ==-aW5zdGFuY2U=-ZW5kcG9pbnQ=-MTAuMC4wLjE6ODA=",
                        "")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("texts")
    @FuzzTest
    void comesBackAsItWas(byte[] octets) {
        Sw8 read = Sw8.parse(new String(octets, StandardCharsets.ISO_8859_1));
        if (read != null) {
            assertThat(Sw8.parse(read.text())).isEqualTo(read);
        }
    }
}
