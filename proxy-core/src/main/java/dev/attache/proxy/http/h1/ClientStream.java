package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;

/** The request side of a client connection: writes one request after another. */
final class ClientStream extends Http1Stream {

    private static final byte[] HTTP_1_1 = Http1Names.bytes(" HTTP/1.1\r\n");
    private static final byte[] SCHEME_END = Http1Names.bytes("://");

    /** Envoy's list. */
    private static final byte[][] BODILESS = {
        Http1Names.GET, Http1Names.HEAD, Http1Names.bytes("DELETE"), Http1Names.bytes("TRACE")
    };

    private final Http1ClientCodec codec;
    private final boolean fullUrl;
    private boolean toHead;
    private boolean connect;
    private boolean carriesTcp;
    private boolean upgrade;

    ClientStream(
            Http1ClientCodec codec,
            Connection connection,
            MessageWriter writer,
            Http1Options options) {
        super(connection, writer, options.enableTrailers());
        this.codec = codec;
        this.fullUrl = options.sendFullyQualifiedUrl();
    }

    @Override
    void begin() {
        super.begin();
        toHead = false;
        connect = false;
        carriesTcp = false;
        upgrade = false;
    }

    boolean isHead() {
        return toHead;
    }

    boolean isConnect() {
        return connect;
    }

    boolean isUpgrade() {
        return upgrade;
    }

    @Override
    public HttpConnection connection() {
        return codec;
    }

    @Override
    public void carriesTcp() {
        carriesTcp = true;
    }

    boolean isTcp() {
        return carriesTcp;
    }

    /** Its end is told by the end of the connection: there is no other way to say it. */
    boolean endsConnection() {
        return connect || carriesTcp;
    }

    @Override
    boolean writable() {
        return codec.isActive() && !sent;
    }

    @Override
    void onSent() {
        codec.onRequestSent();
    }

    /** Requests have no interim heads. */
    @Override
    public void informational(Headers headers) {
        throw new IllegalStateException("a request has no informational head");
    }

    @Override
    public void headers(Headers headers, boolean end) {
        if (!writable() || headSent) {
            return;
        }
        int method = headers.indexOf(HeaderName.METHOD);
        int path = headers.indexOf(HeaderName.PATH);
        int authority = headers.indexOf(HeaderName.AUTHORITY);
        connect = method >= 0 && equals(headers, method, Http1Names.CONNECT);
        if (method < 0 || (connect ? authority : path) < 0) {
            throw new IllegalArgumentException(
                    "request head without :method, or without :path or CONNECT's :authority");
        }
        headSent = true;
        toHead = equals(headers, method, Http1Names.HEAD);
        upgrade = !connect && ConnectionTokens.isUpgrade(headers);
        int room = MessageWriter.room(headers) + (fullUrl ? headers.byteSize() : 0);
        ByteBuf out = connection.output(room);
        HeadText head = HeadText.begin(room);
        head.addToken(headers, method);
        head.add(' ');
        target(headers, path, authority, head);
        head.add(HTTP_1_1);
        int startLine = head.length();
        if (authority >= 0) {
            writer.host(headers, authority, head);
        }
        writer.fields(headers, head);
        framing(headers, method, end, head);
        write(head, startLine, out);
        if (end) {
            end();
        }
    }

    private void target(Headers headers, int path, int authority, HeadText out) {
        if (connect) {
            out.addToken(headers, authority);
            return;
        }
        int scheme = headers.indexOf(HeaderName.SCHEME);
        if (fullUrl && scheme >= 0 && authority >= 0) {
            out.addToken(headers, scheme);
            out.add(SCHEME_END);
            out.addToken(headers, authority);
        }
        out.addToken(headers, path);
    }

    private void framing(Headers headers, int method, boolean end, HeadText out) {
        if (connect || upgrade) {
            return;
        }
        bodyLeft = headers.getLong(HeaderName.CONTENT_LENGTH);
        if (bodyLeft >= 0) {
            return;
        }
        if (!end) {
            writer.field("transfer-encoding", "chunked", headers.spelling(), out);
            chunked = true;
        } else if (expectsBody(headers, method)) {
            writer.field("content-length", "0", headers.spelling(), out);
        }
    }

    /**
     * RFC 9110 section 8.6: all but the methods that are not expected to have content say so;
     * OPTIONS is not among them, as in Envoy.
     */
    private static boolean expectsBody(Headers headers, int method) {
        for (byte[] bodiless : BODILESS) {
            if (equals(headers, method, bodiless)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equals(Headers headers, int index, byte[] expected) {
        int start = headers.valueStart(index);
        int end = start + headers.valueLength(index);
        return Octets.equals(headers.text(), start, end, expected);
    }

    @Override
    public void reset(ResetReason why) {
        codec.onLocalReset();
    }
}
