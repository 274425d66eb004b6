package dev.attache.filters.http.decompressor;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Bodies in three codings, cut wherever they may be. */
final class DecompressorFilterTest {

    private static final String TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(20);

    private static FilterSetup decompressor(String coding, String message, String... fields) {
        return BuiltinFilter.of(
                "decompressor",
                "decompressor.v3.Decompressor",
                """
                {decompressor_library: {name: lib, typed_config: {
                   "@type": type.googleapis.com/envoy.extensions.compression.%s.decompressor.v3.%s}}%s}
                """
                        .formatted(coding, message, String.join("", fields)));
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static void isDecoded(FilterSetup setup, String coding, byte[] body) {
        String outcome =
                setup.everyCut(harness -> {
                    Exchange exchange = harness.get("/");
                    exchange.respond(200, "content-encoding", coding);
                    exchange.responseBody(body).responseEnd();
                    return exchange.response().body();
                });
        assertThat(outcome).isEqualTo(TEXT);
    }

    @Test
    void bodiesAreDecodedHoweverTheyAreCut() throws Exception {
        byte[] text = TEXT.getBytes(StandardCharsets.ISO_8859_1);
        Brotli4jLoader.ensureAvailability();
        isDecoded(decompressor("gzip", "Gzip"), "gzip", gzip(TEXT));
        isDecoded(decompressor("brotli", "Brotli"), "br", Encoder.compress(text));
        isDecoded(decompressor("zstd", "Zstd"), "zstd", Zstd.compress(text));
    }

    @Test
    void aRequestSaysWhatCameOfIt() {
        try (FilterHarness harness = decompressor("gzip", "Gzip").open()) {
            byte[] body = gzip(TEXT);
            Exchange exchange =
                    harness.request(
                            "POST", "/", "content-encoding", "gzip, x", "content-length", "99");
            exchange.body(body).end();
            assertThat(exchange.forwarded().body()).isEqualTo(TEXT);
            assertThat(exchange.forwarded().header("content-encoding")).isEqualTo("x");
            assertThat(exchange.forwarded().header("content-length")).isNull();
            assertThat(exchange.forwarded().header("accept-encoding")).isEqualTo("gzip");
            assertThat(exchange.forwarded().toString())
                    .contains("x-envoy-decompressor-lib-compressed-bytes: " + body.length)
                    .contains("x-envoy-decompressor-lib-uncompressed-bytes: " + TEXT.length());
            exchange.respondEmpty(200);
            assertThat(harness.counter("http.test.decompressor.lib.gzip.request.decompressed"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatGrowsTooMuchEnds() {
        try (FilterHarness harness = decompressor("gzip", "Gzip").open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200, "content-encoding", "gzip");
            exchange.responseEnd(gzip("1".repeat(1_000_000)));
            assertThat(exchange.response().body().length()).isLessThan(120_000);
            assertThat(
                            harness.counter(
                                    "http.test.decompressor.lib.gzip.decompressor_library.zlib_data_error"))
                    .isEqualTo(1);
        }
    }

    @Test
    void noBytesDoHarm() {
        Random random = new Random(7);
        for (String[] each :
                new String[][] {
                    {"gzip", "Gzip", "gzip"}, {"brotli", "Brotli", "br"}, {"zstd", "Zstd", "zstd"}
                }) {
            try (FilterHarness harness = decompressor(each[0], each[1]).open()) {
                for (int i = 0; i < 50; i++) {
                    byte[] body = new byte[random.nextInt(200)];
                    random.nextBytes(body);
                    byte[] good = gzip(TEXT);
                    byte[] mixed = Arrays.copyOf(good, good.length + body.length);
                    System.arraycopy(body, 0, mixed, random.nextInt(good.length), body.length);
                    Exchange exchange = harness.get("/");
                    exchange.respond(200, "content-encoding", each[2]);
                    exchange.responseBody(i % 2 == 0 ? body : mixed).responseEnd();
                    assertThat(exchange.isOver()).isTrue();
                }
            }
        }
    }

    @Test
    void whoeverLeavesNothingIsLeft() {
        decompressor("zstd", "Zstd")
                .everyDeparture(harness -> {
                    Exchange exchange = harness.get("/");
                    exchange.respond(200, "content-encoding", "zstd");
                    exchange.responseBody(Zstd.compress(new byte[1000])).responseEnd();
                });
    }
}
