package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.MessagePart;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Where Netty's HPACK decoder puts fields: straight into our {@link Headers}, each judged as it
 * comes (RFC 9113 section 8.2). Fields beyond the limits are counted and not kept, so a bomb costs
 * decoding time and no memory; cookies and dropped fields count like all others. Netty's class is
 * extended because the decoder takes nothing narrower; only {@code add} and {@code size} are used.
 */
final class HeaderBlock extends DefaultHttp2Headers {

    /** What kind of block it is. */
    enum Kind {
        REQUEST(MessagePart.REQUEST),
        RESPONSE(MessagePart.RESPONSE),
        REQUEST_TRAILERS(MessagePart.REQUEST_TRAILERS),
        RESPONSE_TRAILERS(MessagePart.RESPONSE_TRAILERS),
        /** Decoded for HPACK's sake only. */
        IGNORED(MessagePart.NONE);

        private final MessagePart part;

        Kind(MessagePart part) {
            this.part = part;
        }
    }

    private static final boolean[] NAME = new boolean[256];

    static {
        for (char c : "!#$%&'*+-.^_`|~abcdefghijklmnopqrstuvwxyz0123456789".toCharArray()) {
            NAME[c] = true;
        }
    }

    private final Http2Options options;
    private final CodecStats stats;
    private final int maxBytes;
    private Kind kind = Kind.IGNORED;
    private Headers headers = new Headers(MessagePart.NONE, 0, 1);
    private int fields;
    private long bytes;
    private int wireOctets;
    private boolean regularSeen;
    private boolean hostSeen;
    private @Nullable String error;

    HeaderBlock(Http2Options options, CodecStats stats) {
        super(false);
        this.options = options;
        this.stats = stats;
        this.maxBytes = options.maxHeadersKb() * 1024;
    }

    /**
     * @param octets the block has on the wire
     */
    void begin(Kind next, int octets) {
        kind = next;
        wireOctets = octets;
        headers = next == Kind.IGNORED ? headers : new Headers(next.part);
        fields = 0;
        bytes = 0;
        regularSeen = false;
        hostSeen = false;
        error = null;
    }

    /** The block is complete. */
    void end() {
        headers.joinRepeated();
    }

    Kind kind() {
        return kind;
    }

    Headers headers() {
        return headers;
    }

    /** Of the frame that carried the block, its header among them. */
    int wireOctets() {
        return FrameWriter.HEADER + wireOctets;
    }

    /** Details of the first thing wrong, or null. */
    @Nullable String error() {
        return error;
    }

    /** The block is larger than allowed. */
    void tooLarge() {
        exceeds(Http2Details.HEADER_LIST_TOO_LARGE, Counter.HTTP2_HEADER_LIST_SIZE_TOO_LARGE);
    }

    private void exceeds(String details, Counter counter) {
        if (error == null) {
            error = details;
            stats.increment(counter);
        }
    }

    /** It cannot be decoded, and nothing that comes after it can. */
    void malformed() {
        error = Http2Details.PROTOCOL_ERROR;
    }

    boolean isMalformed() {
        return error != null && error.equals(Http2Details.PROTOCOL_ERROR);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (kind == Kind.IGNORED || error != null) {
            return this;
        }
        fields++;
        bytes += name.length() + value.length();
        if (fields > options.maxHeadersCount()) {
            exceeds(Http2Details.TOO_MANY_HEADERS, Counter.HTTP2_HEADER_OVERFLOW);
            return this;
        }
        if (bytes > maxBytes) {
            tooLarge();
            return this;
        }
        add(AsciiString.of(name), AsciiString.of(value));
        return this;
    }

    private void add(AsciiString name, AsciiString value) {
        boolean pseudo = name.length() > 0 && name.byteAt(0) == ':';
        boolean underscore = false;
        byte[] text = name.array();
        int start = name.arrayOffset();
        int end = start + name.length();
        for (int i = pseudo ? start + 1 : start; i < end; i++) {
            if (!NAME[text[i] & 0xff]) {
                error = Http2Details.INVALID_HEADER_FIELD;
                return;
            }
            underscore |= text[i] == '_';
        }
        if (name.isEmpty() || !isValue(value) || (pseudo && isPadded(value))) {
            error = Http2Details.INVALID_HEADER_FIELD;
            return;
        }
        if (underscore
                && kind == Kind.REQUEST
                && options.headersWithUnderscores() != UnderscoreAction.ALLOW) {
            underscore();
            return;
        }
        int before = headers.size();
        headers.addReceived(name, value);
        HeaderName known = headers.knownName(before);
        if (pseudo) {
            pseudo(known, before, value);
        } else {
            regularSeen = true;
            if (known != null) {
                known(known, before, value);
            }
        }
    }

    private void underscore() {
        if (options.headersWithUnderscores() == UnderscoreAction.DROP_HEADER) {
            stats.increment(Counter.HTTP2_DROPPED_HEADERS_WITH_UNDERSCORES);
            return;
        }
        stats.increment(Counter.HTTP2_REQUESTS_REJECTED_WITH_UNDERSCORES_IN_HEADERS);
        error = Http2Details.UNEXPECTED_UNDERSCORE;
    }

    /**
     * RFC 9113 section 8.3: known ones, of the right direction and octets, once, before all others.
     */
    private void pseudo(@Nullable HeaderName known, int index, AsciiString value) {
        boolean allowed =
                switch (kind) {
                    case REQUEST ->
                            known != null
                                    && known != HeaderName.STATUS
                                    && MessageRules.mayBe(known, value);
                    case RESPONSE -> known == HeaderName.STATUS;
                    case REQUEST_TRAILERS, RESPONSE_TRAILERS, IGNORED -> false;
                };
        if (!allowed || regularSeen || known == null || headers.indexOf(known) != index) {
            error = Http2Details.INVALID_HEADER_FIELD;
        }
    }

    /** RFC 9113 section 8.2.2 and 8.3.1: fields of the connection; host. */
    private void known(HeaderName known, int index, AsciiString value) {
        if (known == HeaderName.CONNECTION
                || known == HeaderName.KEEP_ALIVE
                || known == HeaderName.PROXY_CONNECTION
                || known == HeaderName.TRANSFER_ENCODING
                || known == HeaderName.UPGRADE
                || (known == HeaderName.TE && !value.contentEqualsIgnoreCase("trailers"))) {
            error = Http2Details.INVALID_HEADER_FIELD;
        } else if (known == HeaderName.HOST && kind == Kind.REQUEST) {
            headers.removeAt(index);
            host(value);
        }
    }

    /** May be there once, beside {@code :authority} or in its place. */
    private void host(AsciiString value) {
        if (hostSeen || !MessageRules.mayBe(HeaderName.AUTHORITY, value)) {
            error = Http2Details.INVALID_HEADER_FIELD;
            return;
        }
        hostSeen = true;
        if (!headers.contains(HeaderName.AUTHORITY)) {
            headers.add(HeaderName.AUTHORITY, value);
        }
    }

    private static boolean isValue(AsciiString value) {
        byte[] text = value.array();
        int start = value.arrayOffset();
        int end = start + value.length();
        for (int i = start; i < end; i++) {
            int octet = text[i] & 0xff;
            if ((octet < 0x20 && octet != '\t') || octet == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * Blanks around a value: an error in pseudo headers alone, where two readers could differ about
     * what is asked for; elsewhere they pass, as with Envoy.
     */
    private static boolean isPadded(AsciiString value) {
        return !value.isEmpty()
                && (isBlank(value.byteAt(0)) || isBlank(value.byteAt(value.length() - 1)));
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    @Override
    public int size() {
        return fields;
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
