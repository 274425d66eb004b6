package dev.attache.proxy.tls.x509;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.tls.x509.CertificateReader.OtherName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** OTHER names, which are told apart by object identifiers that anybody may make up. */
final class OtherNameTest {

    private static @Nullable OtherName parse(String oid) {
        byte[] text = "name".getBytes(StandardCharsets.UTF_8);
        return OtherName.parse(
                Der.sequence(
                        Der.concat(
                                Der.element(6, HexFormat.of().parseHex(oid)),
                                Der.element(0xa0, Der.element(0x0c, text)))));
    }

    @Test
    void has_its_identifier_and_its_text() {
        assertThat(parse("2b060104018237140203"))
                .isEqualTo(new OtherName("1.3.6.1.4.1.311.20.2.3", "name"));
        assertThat(parse("883703")).isEqualTo(new OtherName("2.999.3", "name"));
    }

    @Test
    void an_identifier_that_does_not_fit_is_none_and_not_another() {
        // 2^64 + 3, which 64 bits would hold as 3, and a number without an end.
        assertThat(parse("2b06" + "82808080808080808003")).isNull();
        assertThat(parse("2b0681")).isNull();
        assertThat(parse("")).isNull();
    }
}
