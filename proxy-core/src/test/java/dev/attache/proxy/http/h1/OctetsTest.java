package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OctetsTest {

    /** Around each octet, at each place of texts of each length up to two words and a rest. */
    private interface Check {
        void of(byte[] text, int at, int start, int end);
    }

    private static void everywhere(Check check) {
        for (int octet = 0; octet < 256; octet++) {
            for (int length = 1; length < 20; length++) {
                for (int at = 0; at < length; at++) {
                    byte[] text = new byte[length + 2];
                    Arrays.fill(text, (byte) 'a');
                    text[0] = '\n';
                    text[length + 1] = '\n';
                    text[1 + at] = (byte) octet;
                    check.of(text, 1 + at, 1, 1 + length);
                }
            }
        }
    }

    @Test
    void findsALineFeedWhereverItIs() {
        everywhere((text, at, start, end) ->
                assertThat(Octets.lineFeed(text, start, end))
                        .isEqualTo(text[at] == '\n' ? at : end));
        byte[] two = "abcdefg\nhi\nj".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Octets.lineFeed(two, 0, two.length)).isEqualTo(7);
        assertThat(Octets.lineFeed(two, 8, two.length)).isEqualTo(10);
        assertThat(Octets.lineFeed(two, 11, two.length)).isEqualTo(two.length);
    }

    /** RFC 9110 section 5.5: HTAB, SP, VCHAR, obs-text. */
    @Test
    void knowsAValueByEachOfItsOctets() {
        everywhere((text, at, start, end) -> {
            int octet = text[at] & 0xff;
            boolean may = octet == '\t' || (octet >= 0x20 && octet != 0x7f);
            assertThat(Octets.isValue(text, start, end)).isEqualTo(may);
        });
    }

    @Test
    void blanksWhatEndsALine() {
        everywhere((text, at, start, end) -> {
            byte[] expected = text.clone();
            byte octet = text[at];
            expected[at] = octet == '\r' || octet == '\n' || octet == 0 ? (byte) ' ' : octet;
            Octets.blankLineEnds(text, start, end);
            assertThat(text).isEqualTo(expected);
        });
    }
}
