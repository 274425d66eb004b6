package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1 by the first bytes of a connection: {@code
 * codec_type: AUTO} without ALPN. The preface is {@code PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n} (RFC 9113
 * section 3.4); Envoy, too, takes the whole of it as the sign.
 */
public final class HttpCodecSniffer {

    /** What the bytes so far say. */
    public enum Verdict {
        HTTP1,
        HTTP2,
        NEED_MORE
    }

    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(24)
                            .writeBytes(
                                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII))
                            .asReadOnly());

    private HttpCodecSniffer() {}

    /** Looks at the readable bytes and consumes none. */
    public static Verdict sniff(ByteBuf first) {
        int length = Math.min(first.readableBytes(), PREFACE.capacity());
        for (int i = 0; i < length; i++) {
            if (first.getByte(first.readerIndex() + i) != PREFACE.getByte(i)) {
                return Verdict.HTTP1;
            }
        }
        return length == PREFACE.capacity() ? Verdict.HTTP2 : Verdict.NEED_MORE;
    }
}
