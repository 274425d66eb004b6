package dev.attache.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HttpCodecSniffer.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpCodecSnifferTest {

    @ParameterizedTest
    @CsvSource({
        "P, NEED_MORE",
        "PRI * HTTP/, NEED_MORE",
        "PRI * HTTP/2, HTTP2",
        "PRI * HTTP/2.x, HTTP2",
        "PRI * HTTP/1, HTTP1",
        "PRX, HTTP1",
        "GET /, HTTP1",
    })
    void tellsByTheBeginning(String text, Verdict verdict) {
        ByteBuf first = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        assertThat(HttpCodecSniffer.sniff(first)).isEqualTo(verdict);
        assertThat(first.readerIndex()).isZero();
        first.release();
    }

    @ParameterizedTest
    @CsvSource({
        "'INVALID CONNECTION PREFACE;;', HTTP2",
        "'INVALID CONNECTION PREFACE;;SM;;', HTTP2",
        "'INVALID CONNECTION PREFACE;', HTTP1",
        "'INVALID CONNECTION PREFACE;Host: h;;', HTTP1",
        "'INVALID CONNECTION PREFACE AGAIN;;', HTTP1",
        "'INVALID PREFACE;;', HTTP1",
        "'CONNECT HOST VERSION;;', HTTP1",
        "'GET /PATH VERSION;;', HTTP1",
        "'GET PATH HTTP;;', HTTP1",
        "'GET / FOO/1.1;;', HTTP1",
        "'hello;;', HTTP1",
        "';;', HTTP1",
    })
    void tellsABrokenPrefaceFromABrokenRequest(String text, Verdict verdict) {
        ByteBuf first = Unpooled.copiedBuffer(text.replace(";", "\r\n"), StandardCharsets.US_ASCII);
        assertThat(HttpCodecSniffer.sniff(first)).isEqualTo(verdict);
        assertThat(first.readerIndex()).isZero();
        first.release();
    }
}
