package dev.attache.filters.wire;

import dev.attache.proxy.http.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Octets of peers where a message wants text. Stateless. */
public final class Utf8 {

    private Utf8() {}

    /** The text that octets are in UTF-8, with an exclamation mark for what is none. */
    public static String of(String octets) {
        if (Octets.isAscii(octets)) {
            return octets;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith("!")
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("what is malformed is replaced", e);
        }
    }
}
