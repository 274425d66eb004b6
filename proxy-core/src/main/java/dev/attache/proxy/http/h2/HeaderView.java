package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Our {@link Headers} as Netty's HPACK encoder wants to walk them: pseudo headers first, fields
 * that only mean something on an HTTP/1 connection left out (RFC 9113 section 8.2.2). One object
 * per codec: the walk is its own iterator and entry. Netty's class is extended because the encoder
 * takes nothing narrower; only the walk is ever used.
 */
final class HeaderView extends DefaultHttp2Headers
        implements Iterator<Map.Entry<CharSequence, CharSequence>>,
                Map.Entry<CharSequence, CharSequence> {

    private Headers headers = new Headers(MessagePart.NONE, 0, 1);
    private boolean pseudo;
    private int next;
    private int current;

    HeaderView() {
        super(false);
    }

    HeaderView of(Headers source) {
        headers = source;
        return this;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        pseudo = true;
        next = -1;
        advance();
        return this;
    }

    private void advance() {
        for (next++; ; next++) {
            if (next == headers.size()) {
                if (!pseudo) {
                    return;
                }
                pseudo = false;
                next = 0;
                if (headers.isEmpty()) {
                    return;
                }
            }
            if (isPseudo(next) == pseudo && (pseudo || passes(next))) {
                return;
            }
        }
    }

    private boolean isPseudo(int i) {
        HeaderName known = headers.knownName(i);
        return known != null
                ? known.isPseudo()
                : headers.nameLength(i) > 0 && headers.text()[headers.nameStart(i)] == ':';
    }

    private boolean passes(int i) {
        HeaderName known = headers.knownName(i);
        if (known == null) {
            return true;
        }
        if (known == HeaderName.CONNECTION
                || known == HeaderName.KEEP_ALIVE
                || known == HeaderName.PROXY_CONNECTION
                || known == HeaderName.TRANSFER_ENCODING
                || known == HeaderName.UPGRADE) {
            return false;
        }
        return known != HeaderName.HOST || !headers.contains(HeaderName.AUTHORITY);
    }

    @Override
    public boolean hasNext() {
        return next < headers.size();
    }

    @Override
    public Map.Entry<CharSequence, CharSequence> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        current = next;
        advance();
        return this;
    }

    @Override
    public CharSequence getKey() {
        return headers.nameAscii(current);
    }

    /** As over HTTP/1, an octet that would end a line there becomes a blank. */
    @Override
    public CharSequence getValue() {
        AsciiString value = headers.valueAscii(current);
        byte[] octets = value.array();
        int offset = value.arrayOffset();
        for (int i = offset, end = offset + value.length(); i < end; i++) {
            if (endsLines(octets[i])) {
                return neutral(value);
            }
        }
        return value;
    }

    private static boolean endsLines(byte octet) {
        return octet >= 0 && octet <= '\r' && (octet == 0 || octet == '\n' || octet == '\r');
    }

    private static AsciiString neutral(AsciiString value) {
        byte[] octets = value.toByteArray();
        for (int i = 0; i < octets.length; i++) {
            if (endsLines(octets[i])) {
                octets[i] = ' ';
            }
        }
        return new AsciiString(octets, false);
    }

    @Override
    public CharSequence setValue(CharSequence value) {
        throw new UnsupportedOperationException("a view for encoding");
    }

    @Override
    public int size() {
        return headers.size();
    }

    @Override
    public boolean isEmpty() {
        return headers.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
