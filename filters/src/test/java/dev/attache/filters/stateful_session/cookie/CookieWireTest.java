package dev.attache.filters.stateful_session.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.filters.stateful_session.StrictBase64;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CookieWireTest {

    /** As Envoy 1.40 wrote it for this host. */
    private static final String ENVOYS = "Cg4xMjcuMC4wLjE6ODA4MA==";

    @Test
    void theBytesAreEnvoys() {
        assertThat(StrictBase64.encode(CookieWire.cookie("127.0.0.1:8080", 0))).isEqualTo(ENVOYS);
        assertThat(CookieWire.address(StrictBase64.decode(ENVOYS), 5)).isEqualTo("127.0.0.1:8080");
    }

    @Test
    void aMessageIsNoneOnceItHasExpired() {
        byte[] until = CookieWire.cookie("a:1", 100);
        assertThat(CookieWire.address(until, 100)).isEqualTo("a:1");
        assertThat(CookieWire.address(until, 101)).isNull();
    }

    @Test
    void whatIsNoMessageIsAnAddress() {
        byte[] text = "127.0.0.1:80".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(CookieWire.address(text, 0)).isEqualTo("127.0.0.1:80");
        assertThat(CookieWire.address(new byte[0], 0)).isNull();
    }

    @FuzzTest(maxDuration = "5s")
    @Tag("wire")
    void anyBytesAreAnAddressOrNone(byte[] bytes) {
        String address = CookieWire.address(bytes, 0);
        assertThat(address == null || !address.isEmpty()).isTrue();
    }
}
