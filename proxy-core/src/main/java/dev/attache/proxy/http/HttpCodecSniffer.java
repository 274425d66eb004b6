package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1 by the first bytes of a connection: {@code
 * codec_type: AUTO} without ALPN. The preface is {@code PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n} (RFC 9113
 * section 3.4); as for Envoy, its beginning up to the major version is the sign, and what is wrong
 * after that is an error of HTTP/2.
 */
public final class HttpCodecSniffer {

    /** What the bytes so far say. */
    public enum Verdict {
        HTTP1,
        HTTP2,
        NEED_MORE
    }

    private static final byte[] SIGN = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    private HttpCodecSniffer() {}

    /** Looks at the readable bytes and consumes none. */
    public static Verdict sniff(ByteBuf first) {
        int length = Math.min(first.readableBytes(), SIGN.length);
        for (int i = 0; i < length; i++) {
            if (first.getByte(first.readerIndex() + i) != SIGN[i]) {
                return Verdict.HTTP1;
            }
        }
        return length == SIGN.length ? Verdict.HTTP2 : Verdict.NEED_MORE;
    }
}
