package dev.attache.bench.http;

import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.h1.Http1ServerCodec;
import dev.attache.proxy.http.h2.Http2ServerCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A browser-like GET with twelve fields, answered with a head and five octets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final String[] FIELDS = {
        "user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language", "en-US,en;q=0.5",
        "accept-encoding", "gzip, deflate, br",
        "referer", "https://www.example.com/index.html",
        "cookie", "session=0123456789abcdef0123456789abcdef; theme=dark",
        "x-request-id", "c3c1f8c5-aced-465d-951b-bbc4bd5b177a",
        "x-forwarded-proto", "http",
        "x-forwarded-for", "203.0.113.7",
        "cache-control", "no-cache",
        "x-custom-header", "some value of no interest",
    };

    private final CodecLoop http1 = new CodecLoop();
    private final CodecLoop http2 = new CodecLoop();
    private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();
    private byte[] http1Request = new byte[0];
    private byte[] http2Block = new byte[0];
    private int nextStream = 1;

    @Setup
    public void start() throws Http2Exception {
        http1.connection()
                .handler(
                        new Http1ServerCodec(
                                http1.connection(), Http1Options.DEFAULTS, http1));
        StringBuilder text = new StringBuilder("GET /a/path?and=query HTTP/1.1\r\nHost: h\r\n");
        for (int i = 0; i < FIELDS.length; i += 2) {
            text.append(FIELDS[i]).append(": ").append(FIELDS[i + 1]).append("\r\n");
        }
        http1Request = text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        startHttp2();
    }

    private void startHttp2() throws Http2Exception {
        http2.connection()
                .handler(
                        new Http2ServerCodec(
                                http2.connection(), Http2Options.DEFAULTS, http2));
        http2.feed(
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                        .getBytes(StandardCharsets.ISO_8859_1));
        // The first block fills the table; later ones are nearly all indices.
        http2.feed(frame(block()));
        http2Block = block();
    }

    private byte[] block() throws Http2Exception {
        Http2Headers headers = new DefaultHttp2Headers();
        headers.method("GET").scheme("http").authority("h").path("/a/path?and=query");
        for (int i = 0; i < FIELDS.length; i += 2) {
            headers.add(FIELDS[i], FIELDS[i + 1]);
        }
        ByteBuf out = Unpooled.buffer();
        hpack.encodeHeaders(1, headers, out);
        return ByteBufUtil.getBytes(out);
    }

    private byte[] frame(byte[] block) {
        byte[] frame = new byte[9 + block.length];
        frame[1] = (byte) (block.length >>> 8);
        frame[2] = (byte) block.length;
        frame[3] = 1;
        frame[4] = 5;
        frame[5] = (byte) (nextStream >>> 24);
        frame[6] = (byte) (nextStream >>> 16);
        frame[7] = (byte) (nextStream >>> 8);
        frame[8] = (byte) nextStream;
        System.arraycopy(block, 0, frame, 9, block.length);
        nextStream += 2;
        return frame;
    }

    @Benchmark
    public long http1Exchange() {
        return http1.feed(http1Request);
    }

    @Benchmark
    public long http2Exchange() {
        return http2.feed(frame(http2Block));
    }
}
