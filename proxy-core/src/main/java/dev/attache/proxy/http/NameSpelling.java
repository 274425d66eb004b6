package dev.attache.proxy.http;

import dev.attache.proxy.http.Http1Options.HeaderKeyFormat.PreserveCase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a peer spelled the header names of one message, and its reason phrase, for {@code
 * preserve_case}. It travels with the message: whoever writes it spells it so, whatever is
 * configured there. The first spelling of a name wins. Made only where that option is on, so it may
 * allocate. Loop-confined.
 */
public final class NameSpelling {

    private final PreserveCase options;
    private final Map<String, byte[]> spellings = new HashMap<>();
    private byte @Nullable [] reason;

    public NameSpelling(PreserveCase options) {
        this.options = options;
    }

    /** Remembers a name as it came. */
    public void remember(byte[] text, int start, int length) {
        byte[] original = new byte[length];
        System.arraycopy(text, start, original, 0, length);
        String name = new String(original, StandardCharsets.ISO_8859_1);
        spellings.putIfAbsent(name.toLowerCase(Locale.ROOT), original);
    }

    /** Remembers the reason phrase of a response, where that is wanted. */
    public void rememberReason(byte[] text, int start, int end) {
        if (options.forwardReasonPhrase() && end > start) {
            reason = new byte[end - start];
            System.arraycopy(text, start, reason, 0, end - start);
        }
    }

    /** The spelling of a lower-case name, or null where the peer sent no such field. */
    public byte @Nullable [] of(String lowerCaseName) {
        return spellings.get(lowerCaseName);
    }

    /** Names that the peer did not send begin each word with a capital. */
    public boolean properCaseForOthers() {
        return options.properCaseForOthers();
    }

    /** Another phrase, whatever the peer sent; the array is kept. */
    public void reason(byte[] phrase) {
        reason = phrase;
    }

    /** The phrase to send on in place of the status's own, or null. */
    public byte @Nullable [] reason() {
        return reason;
    }
}
