package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.NameSpelling;
import dev.attache.proxy.http.Protocol;
import org.jspecify.annotations.Nullable;

/** Judges one response head. Reused. */
final class ResponseHead implements HeadReader.StartLine {

    /** How the body of the response is delimited. */
    enum Body {
        NONE,
        COUNTED,
        CHUNKED,
        UNTIL_CLOSE,
        RAW
    }

    private final Http1Options options;
    private final MessageFraming framing = new MessageFraming();
    private Protocol protocol = Protocol.HTTP11;
    private int status;
    private boolean closes;
    private Body body = Body.NONE;

    ResponseHead(Http1Options options) {
        this.options = options;
    }

    Protocol protocol() {
        return protocol;
    }

    int status() {
        return status;
    }

    long contentLength() {
        return framing.contentLength();
    }

    boolean closes() {
        return closes;
    }

    Body body() {
        return body;
    }

    boolean isInformational() {
        return status < 200 && status != 101;
    }

    /** Whether a response, or the empty line before one, may begin so. */
    boolean mayBegin(byte first) {
        return first == 'H' || Octets.isLineEnd(first);
    }

    @Override
    public @Nullable Http1Error parse(Headers headers, int start, int end) {
        byte[] text = headers.text();
        if (end - start < 12
                || !Octets.equals(text, start, start + 7, Http1Names.bytes("HTTP/1."))
                || (text[start + 7] != '0' && text[start + 7] != '1')
                || text[start + 8] != ' ') {
            return Http1Error.CODEC_ERROR;
        }
        protocol = text[start + 7] == '1' ? Protocol.HTTP11 : Protocol.HTTP10;
        status = 0;
        for (int i = start + 9; i < start + 12; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return Http1Error.CODEC_ERROR;
            }
            status = status * 10 + digit;
        }
        if (status < 100 || (end > start + 12 && text[start + 12] != ' ')) {
            return Http1Error.CODEC_ERROR;
        }
        for (int i = start + 12; i < end; i++) {
            if (!Octets.isValue(text[i])) {
                return Http1Error.INVALID_CHARACTERS;
            }
        }
        NameSpelling spelling = headers.spelling();
        if (spelling != null) {
            spelling.rememberReason(text, Math.min(start + 13, end), end);
        }
        headers.addSpan(HeaderName.STATUS, start + 9, 3);
        return null;
    }

    /** The head is complete; {@code request} is what it answers. */
    @Nullable Http1Error finish(Headers headers, ClientStream request) {
        boolean http10 = protocol == Protocol.HTTP10;
        closes = ConnectionTokens.closes(headers, http10);
        Http1Error wrong = framing.readLength(headers);
        if (wrong == null) {
            wrong = framing.readCoding(headers, options.allowChunkedLength());
        }
        if (wrong != null) {
            return wrong;
        }
        if (status < 200 || status == 204) {
            wrong = withoutBody(headers);
            if (wrong != null) {
                return wrong;
            }
        }
        if (status == 101) {
            // As in Envoy, a 101 that does not say what it switches to is an answer that ends.
            body = ConnectionTokens.isUpgrade(headers) ? Body.RAW : Body.NONE;
            return request.isUpgrade() ? null : Http1Error.CODEC_ERROR;
        }
        if (request.isConnect() && status >= 200 && status < 300) {
            body = Body.RAW;
            return framing.chunked() && !request.isTcp()
                    ? Http1Error.INVALID_TRANSFER_ENCODING
                    : null;
        }
        if (http10 && framing.chunked()) {
            return Http1Error.CODEC_ERROR;
        }
        body = kind(request.isHead());
        return null;
    }

    /** RFC 9110 sections 8.6 and 15: 1xx and 204 have no framing; a length of 0 is overlooked. */
    private @Nullable Http1Error withoutBody(Headers headers) {
        if (framing.chunked()) {
            return Http1Error.TRANSFER_ENCODING_NOT_ALLOWED;
        }
        if (framing.contentLength() > 0) {
            return Http1Error.CONTENT_LENGTH_NOT_ALLOWED;
        }
        framing.dropLength(headers);
        return null;
    }

    private Body kind(boolean toHead) {
        if (toHead || status < 200 || status == 204 || status == 304) {
            return Body.NONE;
        }
        if (framing.chunked()) {
            return Body.CHUNKED;
        }
        if (framing.contentLength() == 0) {
            return Body.NONE;
        }
        return framing.contentLength() > 0 ? Body.COUNTED : Body.UNTIL_CLOSE;
    }
}
