package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1 by the first bytes of a connection: {@code
 * codec_type: AUTO} without ALPN. The preface is {@code PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n} (RFC 9113
 * section 3.4); as for Envoy, its beginning up to the major version is the sign, and what is wrong
 * after that is an error of HTTP/2.
 *
 * <p>So is what looks like a preface and like no request, whatever the reading: three words of
 * which the second is no target and the third no version, and then an empty line. RFC 9113 section
 * 3.4 wants the connection ended for it, and no answer of HTTP/1 would be understood.
 */
public final class HttpCodecSniffer {

    /** What the bytes so far say. */
    public enum Verdict {
        HTTP1,
        HTTP2,
        NEED_MORE
    }

    private static final byte[] SIGN = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    /** Longer first lines are no prefaces. */
    private static final int MAX_LINE = 64;

    private HttpCodecSniffer() {}

    /** Looks at the readable bytes and consumes none. */
    public static Verdict sniff(ByteBuf first) {
        int length = Math.min(first.readableBytes(), SIGN.length);
        for (int i = 0; i < length; i++) {
            if (first.getByte(first.readerIndex() + i) != SIGN[i]) {
                return isBrokenPreface(first) ? Verdict.HTTP2 : Verdict.HTTP1;
            }
        }
        return length == SIGN.length ? Verdict.HTTP2 : Verdict.NEED_MORE;
    }

    /** Only what has come with its empty line at once is judged: nothing waits for it. */
    private static boolean isBrokenPreface(ByteBuf first) {
        int start = first.readerIndex();
        int length = Math.min(first.readableBytes(), MAX_LINE);
        int feed = first.indexOf(start, start + length, (byte) '\n');
        if (feed < start + 1
                || feed + 2 >= first.writerIndex()
                || first.getByte(feed - 1) != '\r'
                || first.getByte(feed + 1) != '\r'
                || first.getByte(feed + 2) != '\n') {
            return false;
        }
        String[] words =
                first.toString(start, feed - 1 - start, StandardCharsets.ISO_8859_1).split(" ", -1);
        return words.length == 3
                && isWord(words[0])
                && isWord(words[1])
                && !words[0].equals("CONNECT")
                && isWord(words[2])
                && !words[2].startsWith("HTTP");
    }

    /** Capital letters: no target begins so, but the authority of CONNECT. */
    private static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }
}
