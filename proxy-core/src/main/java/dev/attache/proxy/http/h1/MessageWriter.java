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
    void fields(Headers headers, HeadText out) {
        NameSpelling spelling = headers.spelling();
        for (int i = 0; i < headers.size(); i++) {
            if (!isField(headers, i)) {
                continue;
            }
            int start = out.length();
            out.addName(headers, i);
            spell(spelling, spelling == null ? "" : headers.name(i), start, out);
            out.addValue(headers, i);
            out.add(CRLF);
        }
    }

    private static boolean isField(Headers headers, int i) {
        HeaderName known = headers.knownName(i);
        return known != null
                ? !known.isPseudo() && known != HeaderName.TRANSFER_ENCODING
                : headers.text()[headers.nameStart(i)] != ':';
    }

    /**
     * Spells the name that was added from {@code start} on, and ends it: the message's own spelling
     * goes before the connection's.
     */
    private void spell(@Nullable NameSpelling spelling, String name, int start, HeadText out) {
        byte[] original = spelling == null ? null : spelling.of(name);
        if (original != null) {
            out.replace(start, original);
        } else if (spelling == null ? properCase : spelling.properCaseForOthers()) {
            out.properCase(start);
        }
        out.add(':').add(' ');
    }

    /** A field that the codec adds. */
    void field(String name, String value, @Nullable NameSpelling spelling, HeadText out) {
        int start = out.length();
        out.add(name);
        spell(spelling, name, start, out);
        out.add(value).add(CRLF);
    }

    /** The {@code host} field, from the value of {@code :authority}. */
    void host(Headers headers, int authority, HeadText out) {
        int start = out.length();
        out.add("host");
        spell(headers.spelling(), "host", start, out);
        out.addValue(headers, authority);
        out.add(CRLF);
    }

    void chunkSize(int size, ByteBuf out) {
        int shift = 28 - (Integer.numberOfLeadingZeros(size) & ~3);
        for (; shift >= 0; shift -= 4) {
            out.writeByte("0123456789abcdef".charAt((size >>> shift) & 0xf));
        }
        out.writeBytes(CRLF);
    }

    /** Trailers keep their names as they are, lower case. */
    void trailers(Headers trailers, HeadText out) {
        out.add(LAST_CHUNK_LINE);
        for (int i = 0; i < trailers.size(); i++) {
            if (isField(trailers, i)) {
                out.addName(trailers, i);
                out.add(':').add(' ');
                out.addValue(trailers, i);
                out.add(CRLF);
            }
        }
        out.add(CRLF);
    }
}
