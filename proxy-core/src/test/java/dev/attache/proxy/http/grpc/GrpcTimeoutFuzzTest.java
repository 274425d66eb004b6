package dev.attache.proxy.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any {@code grpc-timeout}: none, or one that fits, and what is written is read as no less. */
class GrpcTimeoutFuzzTest {

    private static final long LONGEST = 99_999_999L * 3_600_000;

    static Stream<byte[]> values() {
        return Stream.of("1S", "99999999H", "-1m", "100000000n", "0u", "12345678M", "", "1")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("values")
    @FuzzTest
    void fits(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        long millis = GrpcTimeout.millis(text);
        assertThat(millis).isBetween(-1L, LONGEST);
        assertThat(millis >= 0).isEqualTo(text.matches("[0-9]{1,8}[HMSmun]"));
        if (millis >= 0) {
            String written = GrpcTimeout.text(millis);
            assertThat(written.length()).isLessThanOrEqualTo(9);
            assertThat(GrpcTimeout.millis(written)).isBetween(millis - 3_600_000, millis);
        }
    }
}
