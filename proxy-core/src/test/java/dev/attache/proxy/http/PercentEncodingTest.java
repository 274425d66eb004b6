package dev.attache.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.grpc.GrpcStatus;
import org.junit.jupiter.api.Test;

class PercentEncodingTest {

    @Test
    void whatIsNoEncodingStaysAsItIs() {
        assertThat(PercentEncoding.decoded("%41%2f%2F+%zz%4")).isEqualTo("A//+%zz%4");
        assertThat(PercentEncoding.decoded("%%34%C3%a9%")).isEqualTo("%4\u00c3\u00a9%");
        assertThat(PercentEncoding.octet("41%00", 2)).isZero();
        assertThat(PercentEncoding.octet("41%00", 1)).isNegative();
        assertThat(PercentEncoding.octet("%0", 0)).isNegative();
    }

    @Test
    void everyOctetComesBack() {
        for (int octet = 0; octet < 256; octet++) {
            StringBuilder out = new StringBuilder();
            PercentEncoding.append(out, octet);
            assertThat(out).hasSize(3);
            assertThat(PercentEncoding.octet(out.toString(), 0)).isEqualTo(octet);
        }
    }

    @Test
    void aMessageOfGrpcComesBack() {
        assertThat(GrpcStatus.encodeMessage("a %\u00e9~\n")).isEqualTo("a %25%E9%7E%0A");
        assertThat(GrpcStatus.decodeMessage("a %25%E9%7E%0A")).isEqualTo("a %\u00e9~\n");
    }
}
