package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.NameSpelling;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The response side of a server connection: writes one response after another. */
final class ServerStream extends Http1Stream {

    private static final byte[] HTTP_1_1 = Http1Names.bytes("HTTP/1.1 ");
    private static final byte[] HTTP_1_0 = Http1Names.bytes("HTTP/1.0 ");

    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

    private final Http1ServerCodec codec;
    private boolean toHead;
    private boolean toConnect;
    private boolean toUpgrade;
    private boolean http10;
    private boolean keepAliveAsked;

    ServerStream(
            Http1ServerCodec codec,
            Connection connection,
            MessageWriter writer,
            Http1Options options) {
        super(connection, writer, options.enableTrailers());
        this.codec = codec;
    }

    @Override
    void begin() {
        super.begin();
        toHead = false;
        toConnect = false;
        toUpgrade = false;
        http10 = false;
        keepAliveAsked = false;
    }

    /** What the request says about the form of its response. */
    void answers(RequestHead request) {
        toHead = request.isHead();
        toConnect = request.isConnect();
        toUpgrade = request.isRaw() && !toConnect;
        http10 = request.protocol() == Protocol.HTTP10;
        keepAliveAsked = http10 && !request.closes();
    }

    /** A request that could be read, but not served, is answered in its version; others are not. */
    void answersError(RequestHead request, Http1Error why) {
        http10 = request.protocol() == Protocol.HTTP10 && why != Http1Error.CODEC_ERROR;
    }

    @Override
    public HttpConnection connection() {
        return codec;
    }

    @Override
    boolean writable() {
        return codec.isAnswering() && !sent;
    }

    @Override
    void onSent() {
        codec.onResponseSent();
    }

    @Override
    public void informational(Headers headers) {
        if (!writable() || headSent || http10) {
            return;
        }
        int room = MessageWriter.room(headers);
        ByteBuf out = connection.output(room);
        HeadText head = HeadText.begin(room);
        statusLine(status(headers), headers.spelling(), false, head);
        int startLine = head.length();
        writer.fields(headers, head);
        write(head, startLine, out);
    }

    @Override
    public void headers(Headers headers, boolean end) {
        if (!writable() || headSent) {
            return;
        }
        headSent = true;
        int status = status(headers);
        boolean accepted =
                (toUpgrade && status == 101 && ConnectionTokens.isUpgrade(headers))
                        || (toConnect && status >= 200 && status < 300);
        if (!accepted) {
            connectionField(headers);
        }
        int room = MessageWriter.room(headers);
        ByteBuf out = connection.output(room);
        HeadText head = HeadText.begin(room);
        statusLine(status, headers.spelling(), http10, head);
        int startLine = head.length();
        writer.fields(headers, head);
        framing(headers, status, accepted, end, head);
        write(head, startLine, out);
        if (end) {
            end();
        } else if (accepted) {
            codec.onRawAccepted();
        }
    }

    private static void statusLine(
            int status, @Nullable NameSpelling spelling, boolean asHttp10, HeadText out) {
        out.add(asHttp10 ? HTTP_1_0 : HTTP_1_1);
        out.add((char) ('0' + status / 100));
        out.add((char) ('0' + status / 10 % 10));
        out.add((char) ('0' + status % 10));
        out.add(' ');
        byte[] ofUpstream = spelling == null ? null : spelling.reason();
        out.add(ofUpstream != null ? ofUpstream : Http1Names.reason(status));
        out.add(MessageWriter.CRLF);
    }

    /**
     * Says close where the codec knows that it will, and keep-alive where HTTP/1.0 asked for it; in
     * the headers themselves, so that the access log knows it too.
     */
    private void connectionField(Headers headers) {
        if (ConnectionTokens.contains(headers, HeaderName.CONNECTION, "close")) {
            codec.closeAfterResponse();
            return;
        }
        boolean hasLength = headers.contains(HeaderName.CONTENT_LENGTH);
        if (http10 && !hasLength) {
            codec.closeAfterResponse();
        }
        if (codec.mustCloseAfterResponse()) {
            codec.closeAfterResponse();
            if (!ConnectionTokens.isUpgrade(headers)) {
                headers.set(HeaderName.CONNECTION, CLOSE);
            }
        } else if (keepAliveAsked && !headers.contains(HeaderName.CONNECTION)) {
            headers.add(HeaderName.CONNECTION, KEEP_ALIVE);
        }
    }

    /** RFC 9112 section 6.3 from the sender's side; the same choices as Envoy's. */
    private void framing(Headers headers, int status, boolean accepted, boolean end, HeadText out) {
        bodyless = toHead || status == 204 || status == 304;
        bodyLeft = accepted ? -1 : headers.getLong(HeaderName.CONTENT_LENGTH);
        if (accepted || bodyLeft >= 0 || status < 200 || status == 204) {
            return;
        }
        if (status == 304) {
            // RFC 9110 section 15.4.5: never a body, so there is nothing to frame.
            return;
        }
        if (end && !toHead) {
            writer.field("content-length", "0", headers.spelling(), out);
        } else if (!http10) {
            writer.field("transfer-encoding", "chunked", headers.spelling(), out);
            chunked = !bodyless;
        }
    }

    private static int status(Headers headers) {
        long status = headers.getLong(HeaderName.STATUS);
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException(
                    "response head without a valid :status: " + headers.get(HeaderName.STATUS));
        }
        return (int) status;
    }

    @Override
    public void reset(ResetReason why) {
        codec.onLocalReset();
    }
}
