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

    private final HeaderKeyFormat format;

    MessageWriter(HeaderKeyFormat format) {
        this.format = format;
    }

    /** Upper bound of the bytes that a head takes. */
    static int room(Headers headers) {
        return headers.byteSize() + 4 * headers.size() + EXTRA;
    }

    /** Every field but pseudo headers and {@code transfer-encoding}, which is the codec's. */
    void fields(Headers headers, ByteBuf out) {
        NameSpelling spelling = format == HeaderKeyFormat.PRESERVE_CASE ? headers.spelling() : null;
        for (int i = 0; i < headers.size(); i++) {
            HeaderName known = headers.knownName(i);
            if (known != null) {
                if (known.isPseudo() || known == HeaderName.TRANSFER_ENCODING) {
                    continue;
                }
            } else if (headers.text()[headers.nameStart(i)] == ':') {
                continue;
            }
            field(headers, i, spelling, out);
        }
    }

    private void field(Headers headers, int i, @Nullable NameSpelling spelling, ByteBuf out) {
        int start = out.writerIndex();
        headers.writeName(i, out);
        if (spelling != null) {
            byte[] original = spelling.of(headers.name(i));
            if (original != null) {
                out.setBytes(start, original);
            }
        } else if (format == HeaderKeyFormat.PROPER_CASE_WORDS) {
            properCase(out, start);
        }
        out.writeByte(':').writeByte(' ');
        value(headers, i, out);
        out.writeBytes(CRLF);
    }

    /** A field that the codec adds. */
    void field(String name, String value, @Nullable NameSpelling spelling, ByteBuf out) {
        int start = out.writerIndex();
        ascii(name, out);
        byte[] original = spelling == null ? null : spelling.of(name);
        if (original != null) {
            out.setBytes(start, original);
        } else if (format == HeaderKeyFormat.PROPER_CASE_WORDS) {
            properCase(out, start);
        }
        out.writeByte(':').writeByte(' ');
        ascii(value, out);
        out.writeBytes(CRLF);
    }

    /** The {@code host} field, from the value of {@code :authority}. */
    void host(Headers headers, int authority, ByteBuf out) {
        int start = out.writerIndex();
        NameSpelling spelling = format == HeaderKeyFormat.PRESERVE_CASE ? headers.spelling() : null;
        byte[] original = spelling == null ? null : spelling.of("host");
        ascii("host", out);
        if (original != null) {
            out.setBytes(start, original);
        } else if (format == HeaderKeyFormat.PROPER_CASE_WORDS) {
            properCase(out, start);
        }
        out.writeByte(':').writeByte(' ');
        value(headers, authority, out);
        out.writeBytes(CRLF);
    }

    /** A value, control characters made harmless. */
    static void value(Headers headers, int i, ByteBuf out) {
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

    void trailers(Headers trailers, ByteBuf out) {
        out.writeBytes(LAST_CHUNK_LINE);
        fields(trailers, out);
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
