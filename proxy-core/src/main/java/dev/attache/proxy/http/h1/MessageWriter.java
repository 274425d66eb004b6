package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.NameSpelling;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads, trailers and chunk framing: into an array first, which is cheap to fill piece by
 * piece, then as one copy into the connection's open buffer. Pseudo headers and framing fields are
 * the caller's affair. No control character in a value reaches the wire: it becomes a space, so that
 * nothing a filter puts into a field can begin a new line.
 *
 * <p>The array belongs to the thread and is free again after {@link #flush}; a message is composed
 * without anything in between.
 */
final class MessageWriter {

    static final byte[] LAST_CHUNK = Http1Names.bytes("0\r\n\r\n");
    private static final byte[] LAST_CHUNK_LINE = Http1Names.bytes("0\r\n");
    private static final byte[] NONE = new byte[0];
    private static final byte[] HEX = Http1Names.bytes("0123456789abcdef");

    /** Room for a start line's fixed parts and the fields that a codec adds itself. */
    private static final int EXTRA = 192;

    private static final int KEPT = 16 * 1024;

    private static final FastThreadLocal<byte[]> SCRATCH =
            new FastThreadLocal<>() {
                @Override
                protected byte[] initialValue() {
                    return new byte[2048];
                }
            };

    private final HeaderKeyFormat format;
    private byte[] text = NONE;
    private int end;

    MessageWriter(HeaderKeyFormat format) {
        this.format = format;
    }

    /** Begins a head or trailer block of these fields. */
    void begin(Headers headers, int extra) {
        reserve(headers.byteSize() + 4 * headers.size() + EXTRA + extra);
    }

    private void reserve(int room) {
        byte[] scratch = SCRATCH.get();
        if (scratch.length < room) {
            scratch = new byte[Math.max(room, 2 * scratch.length)];
            if (scratch.length <= KEPT) {
                SCRATCH.set(scratch);
            }
        }
        text = scratch;
        end = 0;
    }

    /** Hands over what has been composed; its length. */
    int flush(Connection connection) {
        int length = end;
        connection.output(length).writeBytes(text, 0, length);
        text = NONE;
        end = 0;
        return length;
    }

    void bytes(byte[] source) {
        System.arraycopy(source, 0, text, end, source.length);
        end += source.length;
    }

    void octet(int octet) {
        text[end++] = (byte) octet;
    }

    void lineEnd() {
        text[end++] = '\r';
        text[end++] = '\n';
    }

    private void colon() {
        text[end++] = ':';
        text[end++] = ' ';
    }

    /** Every field but pseudo headers and {@code transfer-encoding}, which is the codec's. */
    void fields(Headers headers) {
        NameSpelling spelling =
                format == HeaderKeyFormat.PRESERVE_CASE ? headers.spelling() : null;
        for (int i = 0; i < headers.size(); i++) {
            HeaderName known = headers.knownName(i);
            if (known != null) {
                if (known.isPseudo() || known == HeaderName.TRANSFER_ENCODING) {
                    continue;
                }
            } else if (headers.text()[headers.nameStart(i)] == ':') {
                continue;
            }
            int start = end;
            end = headers.copyName(i, text, end);
            if (format != HeaderKeyFormat.LOWER_CASE) {
                spell(spelling == null ? null : spelling.of(headers.name(i)), start);
            }
            colon();
            value(headers, i);
            lineEnd();
        }
    }

    /** A field that the codec adds. */
    void field(byte[] name, byte[] value, Headers context) {
        name(name, context);
        bytes(value);
        lineEnd();
    }

    /** The {@code host} field, from the value of {@code :authority}. */
    void host(Headers headers, int authority) {
        name(Http1Names.HOST, headers);
        value(headers, authority);
        lineEnd();
    }

    private void name(byte[] name, Headers context) {
        int start = end;
        bytes(name);
        if (format != HeaderKeyFormat.LOWER_CASE) {
            NameSpelling spelling =
                    format == HeaderKeyFormat.PRESERVE_CASE ? context.spelling() : null;
            spell(spelling == null ? null : spelling.of(Http1Names.text(name)), start);
        }
        colon();
    }

    /** Gives the name at {@code start} the spelling that is asked for. */
    private void spell(byte @Nullable [] original, int start) {
        if (original != null) {
            System.arraycopy(original, 0, text, start, original.length);
        } else if (format == HeaderKeyFormat.PROPER_CASE_WORDS) {
            properCase(start);
        }
    }

    /** Letters after anything but letters and digits become capitals, as Envoy does it. */
    private void properCase(int start) {
        boolean capital = true;
        for (int i = start; i < end; i++) {
            byte octet = text[i];
            boolean letter = octet >= 'a' && octet <= 'z';
            if (letter && capital) {
                text[i] = (byte) (octet - 32);
            }
            capital = !letter && !(octet >= 'A' && octet <= 'Z') && !(octet >= '0' && octet <= '9');
        }
    }

    /** A value, control characters made harmless. */
    private void value(Headers headers, int i) {
        byte[] source = headers.text();
        int from = headers.valueStart(i);
        int to = from + headers.valueLength(i);
        for (int k = from; k < to; k++) {
            byte octet = source[k];
            text[end++] = octet == '\r' || octet == '\n' || octet == 0 ? (byte) ' ' : octet;
        }
    }

    /** A part of the request line: no blank may be in it either. */
    void token(Headers headers, int i) {
        byte[] source = headers.text();
        int from = headers.valueStart(i);
        int to = from + headers.valueLength(i);
        for (int k = from; k < to; k++) {
            byte octet = source[k];
            text[end++] = octet >= 0 && octet <= ' ' ? (byte) '_' : octet;
        }
    }

    /** The line before a chunk, complete; its length. */
    int chunkSize(int size, Connection connection) {
        reserve(16);
        for (int shift = 28 - (Integer.numberOfLeadingZeros(size) & ~3); shift >= 0; shift -= 4) {
            octet(HEX[(size >>> shift) & 0xf]);
        }
        lineEnd();
        return flush(connection);
    }

    /** The end of a chunked body that has trailers. */
    int trailers(Headers trailers, Connection connection) {
        begin(trailers, 0);
        bytes(LAST_CHUNK_LINE);
        fields(trailers);
        lineEnd();
        return flush(connection);
    }
}
