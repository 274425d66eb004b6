package dev.attache.testkit.filter;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as one side got it: head, body as it came in pieces, trailers, and how it ended. Grows
 * while the exchange goes on. Text is ISO 8859-1. A response has no {@code date}.
 */
public final class Received {

    private final List<Headers> informational = new ArrayList<>();
    private final List<String> pieces = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final String what;
    private @Nullable Headers head;
    private @Nullable Headers trailers;
    private @Nullable ResetReason reset;
    private boolean ended;

    /**
     * @param what it is, for texts
     */
    Received(String what) {
        this.what = what;
    }

    void informational(Headers headers) {
        informational.add(headers.copy());
    }

    void headers(Headers headers, boolean end) {
        expect(head == null, "a second head");
        head = headers.copy();
        ended = end;
    }

    /** Copies what it is shown. */
    void data(ByteBuf data, boolean end) {
        expect(head != null, "body without a head");
        byte[] bytes = ByteBufUtil.getBytes(data);
        if (bytes.length > 0) {
            body.writeBytes(bytes);
            pieces.add(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        ended = end;
    }

    void trailers(Headers headers) {
        expect(head != null, "trailers without a head");
        trailers = headers.copy();
        ended = true;
    }

    void reset(ResetReason why) {
        if (reset == null) {
            reset = why;
        }
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds || ended) {
            throw new AssertionError(
                    "the " + what + " got " + otherwise + (ended ? " after its end" : ""));
        }
    }

    /** Whether its head has come. */
    public boolean began() {
        return head != null;
    }

    /** Whether it has come whole. */
    public boolean ended() {
        return ended;
    }

    /** Whether it was cut short. */
    public boolean isReset() {
        return reset != null && !ended;
    }

    /**
     * The head.
     *
     * @throws AssertionError where none has come
     */
    public Headers head() {
        Headers known = head;
        if (known == null) {
            throw new AssertionError("no head of a " + what + " has come");
        }
        return known;
    }

    /** {@code :status} of the head. */
    public int status() {
        return (int) head().getLong(HeaderName.STATUS);
    }

    /** The value of a field of the head, several joined by commas; null where there is none. */
    public @Nullable String header(String name) {
        return head().getJoined(HeaderName.of(name));
    }

    public boolean hasTrailers() {
        return trailers != null;
    }

    /** The value of a field of the trailers; null where there is none, or no trailers. */
    public @Nullable String trailer(String name) {
        return trailers == null ? null : trailers.getJoined(HeaderName.of(name));
    }

    /** The body so far. */
    public String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    /** The body so far. */
    public byte[] bytes() {
        return body.toByteArray();
    }

    /** The pieces in which the body came; empty ones aside. */
    public List<String> pieces() {
        return List.copyOf(pieces);
    }

    /** Heads of 1xx responses that came before. */
    public List<Headers> informational() {
        return List.copyOf(informational);
    }

    /** All of it but where the body was cut; octets that are no letters as {@code \\x00}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Headers each : informational) {
            fields("", each, text);
        }
        if (head == null) {
            text.append("nothing\n");
        } else {
            fields("", head, text);
            if (body.size() > 0) {
                text.append("body: ").append(printable(body())).append('\n');
            }
        }
        if (trailers != null) {
            fields("trailer ", trailers, text);
        }
        return text.append(ended ? "complete" : reset == null ? "unfinished" : "reset").toString();
    }

    private static void fields(String prefix, Headers headers, StringBuilder text) {
        for (int i = 0; i < headers.size(); i++) {
            text.append(prefix).append(headers.name(i)).append(": ");
            text.append(headers.value(i)).append('\n');
        }
    }

    private static String printable(String octets) {
        StringBuilder text = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if ((c < ' ' && c != '\n') || c > '~') {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
