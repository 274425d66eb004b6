package dev.attache.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a peer spelled the header names of one message, for {@code preserve_case}. The last spelling
 * of a name wins. Made only where that option is on, so it may allocate. Loop-confined.
 */
public final class NameSpelling {

    private final Map<String, byte[]> spellings = new HashMap<>();

    /** Remembers a name as it came. */
    public void remember(byte[] text, int start, int length) {
        byte[] original = new byte[length];
        System.arraycopy(text, start, original, 0, length);
        String name = new String(original, StandardCharsets.ISO_8859_1);
        spellings.put(name.toLowerCase(java.util.Locale.ROOT), original);
    }

    /** The spelling of a lower-case name, or null where the peer sent no such field. */
    public byte @Nullable [] of(String lowerCaseName) {
        return spellings.get(lowerCaseName);
    }
}
