package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.NameSpelling;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads, trailers and chunk framing. Pseudo headers and framing fields are the caller's
 * affair. No control character in a value reaches the wire: it becomes a space, so that nothing a
 * filter puts into a field can begin a new line.
 */
final class MessageWriter {

    static final byte[] CRLF = Http1Names.bytes("\r\n");
    static final byte[] LAST_CHUNK = Http1Names.bytes("0\r\n\r\n");
    private static final byte[] LAST_CHUNK_LINE = Http1Names.bytes("0\r\n");

    /** Room for a start line's fixed parts and the fields that a codec adds itself. */
    private static final int EXTRA = 160;

    private final boolean properCase;

    MessageWriter(HeaderKeyFormat format) {
        this.properCase = format == HeaderKeyFormat.PROPER_CASE_WORDS;
    }

    /** Upper bound of the bytes that a head takes. */
    static int room(Headers headers) {
        NameSpelling spelling = headers.spelling();
        byte[] reason = spelling == null ? null : spelling.reason();
        int more = reason == null ? EXTRA : EXTRA + reason.length;
        return headers.byteSize() + 4 * headers.size() + more;
    }

    /** Every field but pseudo headers and {@code transfer-encoding}, which is the codec's. */
    void fields(Headers headers, ByteBuf out) {
        NameSpelling spelling = headers.spelling();
        for (int i = 0; i < headers.size(); i++) {
            if (!isField(headers, i)) {
                continue;
            }
            int start = out.writerIndex();
            headers.writeName(i, out);
            spell(spelling, spelling == null ? "" : headers.name(i), start, out);
            value(headers, i, out);
        }
    }

    private static boolean isField(Headers headers, int i) {
        HeaderName known = headers.knownName(i);
        return known != null
                ? !known.isPseudo() && known != HeaderName.TRANSFER_ENCODING
                : headers.text()[headers.nameStart(i)] != ':';
    }

    /**
     * Spells the name that was written from {@code start} on, and ends it: the message's own
     * spelling goes before the connection's.
     */
    private void spell(@Nullable NameSpelling spelling, String name, int start, ByteBuf out) {
        byte[] original = spelling == null ? null : spelling.of(name);
        if (original != null) {
            out.setBytes(start, original);
        } else if (spelling == null ? properCase : spelling.properCaseForOthers()) {
            properCase(out, start);
        }
        out.writeByte(':').writeByte(' ');
    }

    /** A field that the codec adds. */
    void field(String name, String value, @Nullable NameSpelling spelling, ByteBuf out) {
        int start = out.writerIndex();
        ascii(name, out);
        spell(spelling, name, start, out);
        ascii(value, out);
        out.writeBytes(CRLF);
    }

    /** The {@code host} field, from the value of {@code :authority}. */
    void host(Headers headers, int authority, ByteBuf out) {
        int start = out.writerIndex();
        ascii("host", out);
        spell(headers.spelling(), "host", start, out);
        value(headers, authority, out);
    }

    /** A value, control characters made harmless, and the end of the line. */
    private static void value(Headers headers, int i, ByteBuf out) {
        int start = out.writerIndex();
        headers.writeValue(i, out);
        byte[] text = headers.text();
        int from = headers.valueStart(i);
        int length = headers.valueLength(i);
        for (int k = 0; k < length; k++) {
            byte octet = text[from + k];
            if (octet == '\r' || octet == '\n' || octet == 0) {
                out.setByte(start + k, ' ');
            }
        }
        out.writeBytes(CRLF);
    }

    /** A request line's part: no blank may be in it either. */
    static void token(Headers headers, int i, ByteBuf out) {
        int start = out.writerIndex();
        headers.writeValue(i, out);
        for (int k = start; k < out.writerIndex(); k++) {
            byte octet = out.getByte(k);
            if (octet >= 0 && octet <= ' ') {
                out.setByte(k, '_');
            }
        }
    }

    void chunkSize(int size, ByteBuf out) {
        int shift = 28 - (Integer.numberOfLeadingZeros(size) & ~3);
        for (; shift >= 0; shift -= 4) {
            out.writeByte("0123456789abcdef".charAt((size >>> shift) & 0xf));
        }
        out.writeBytes(CRLF);
    }

    /** Trailers keep their names as they are, lower case. */
    void trailers(Headers trailers, ByteBuf out) {
        out.writeBytes(LAST_CHUNK_LINE);
        for (int i = 0; i < trailers.size(); i++) {
            if (isField(trailers, i)) {
                trailers.writeName(i, out);
                out.writeByte(':').writeByte(' ');
                value(trailers, i, out);
            }
        }
        out.writeBytes(CRLF);
    }

    /** Letters after anything but letters and digits become capitals, as Envoy does it. */
    private static void properCase(ByteBuf out, int start) {
        boolean capital = true;
        for (int i = start; i < out.writerIndex(); i++) {
            byte octet = out.getByte(i);
            boolean letter = octet >= 'a' && octet <= 'z';
            if (letter && capital) {
                out.setByte(i, octet - 32);
            }
            capital = !letter && !(octet >= 'A' && octet <= 'Z') && !(octet >= '0' && octet <= '9');
        }
    }

    static void ascii(String text, ByteBuf out) {
        for (int i = 0; i < text.length(); i++) {
            out.writeByte(text.charAt(i));
        }
    }
}
