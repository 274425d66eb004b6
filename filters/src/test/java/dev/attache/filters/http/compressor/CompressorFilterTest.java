package dev.attache.filters.http.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import dev.attache.testkit.filter.Received;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompressorFilterTest {
    private static final String STATS = "http.test.compressor.lib.gzip.";
    private static final String TEXT = "a text of which much is said again and again and again. ";
    private static final String LIBRARY =
            """
            compressor_library: {name: lib, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.compression.%s}}
            """;
    private static final String GZIP = LIBRARY.formatted("gzip.compressor.v3.Gzip");
    private static final String BROTLI = LIBRARY.formatted("brotli.compressor.v3.Brotli");

    private static FilterSetup gzip(String... fields) {
        String more = fields.length == 0 ? "" : ", " + String.join(", ", fields);
        return BuiltinFilter.of("gzip", "compressor.v3.Compressor", "{" + GZIP + more + "}");
    }

    private static String perRoute(String fields) {
        return BuiltinFilter.typed("compressor.v3.CompressorPerRoute", fields);
    }

    private static String plain(Received message) {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(message.bytes()))) {
            return new String(unzipped.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aResponseIsCompressedHoweverItComes() {
        String text = TEXT.repeat(3);
        String outcome =
                gzip().everyCut(harness -> {
                    Exchange exchange = harness.get("/", "accept-encoding", "gzip");
                    exchange.respond(
                            200,
                            "content-type",
                            "text/plain; charset=utf-8",
                            "content-length",
                            String.valueOf(text.length()),
                            "etag",
                            "\"strong\"");
                    exchange.responseEnd(text);
                    assertThat(exchange.response().ended()).isTrue();
                    assertThat(harness.counter(STATS + "total_uncompressed_bytes"))
                            .isEqualTo(text.length());
                    assertThat(harness.counter(STATS + "total_compressed_bytes"))
                            .isEqualTo(exchange.response().bytes().length);
                    return exchange.response().head() + plain(exchange.response());
                });
        assertThat(outcome)
                .contains("content-encoding: gzip\n", "vary: Accept-Encoding\n", text)
                .doesNotContain("content-length", "etag");
    }

    @Test
    void trailersComeBehindTheEndOfTheCompressedBody() {
        String outcome =
                gzip().everyCut(harness -> {
                    Exchange exchange = harness.get("/", "accept-encoding", "gzip");
                    exchange.respond(200).responseBody(TEXT).responseBody(TEXT);
                    exchange.responseTrailers("x-t", "1");
                    assertThat(exchange.response().ended()).isTrue();
                    return plain(exchange.response()) + exchange.response().trailer("x-t");
                });
        assertThat(outcome).isEqualTo(TEXT + TEXT + "1");
    }

    /** A client sees each piece when it comes, not when the next one does. */
    @Test
    void whatHasComeCanBeRead() {
        try (FilterHarness harness = gzip().open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "gzip").respond(200);
            exchange.responseBody(TEXT);
            try (var unzipped =
                    new GZIPInputStream(new ByteArrayInputStream(exchange.response().bytes()))) {
                assertThat(unzipped.readNBytes(TEXT.length()))
                        .isEqualTo(TEXT.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            exchange.responseEnd();
            assertThat(plain(exchange.response())).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    gzip         | 200 | x-a=1                                     | gzip | 1 | header_compressor_used
                    -            | 200 | x-a=1                                     | -    | 1 | no_accept_header
                    identity     | 200 | x-a=1                                     | -    | 1 | header_identity
                    *            | 200 | x-a=1                                     | gzip | 1 | header_wildcard
                    br           | 200 | x-a=1                                     | -    | 1 | header_not_valid
                    gzip         | 200 | content-type=image/png                    | -    | 0 | header_not_valid
                    gzip         | 200 | content-length=29                         | -    | 0 | content_length_too_small
                    gzip         | 200 | content-length=30                         | gzip | 1 | header_compressor_used
                    gzip         | 200 | cache-control=max-age=1, No-Transform     | -    | 0 | header_compressor_used
                    gzip         | 200 | content-encoding=br                       | br   | 0 | header_compressor_used
                    gzip         | 200 | transfer-encoding=gzip, chunked           | -    | 1 | header_compressor_used
                    """)
    void whatIsNotToBeCompressedPasses(
            String accept, int status, String header, String coding, int vary, String counted) {
        String[] field = header.split("=", 2);
        String[] accepted =
                accept == null ? new String[0] : new String[] {"accept-encoding", accept};
        try (FilterHarness harness = gzip().open()) {
            Exchange exchange = harness.get("/", accepted);
            exchange.respond(status, field[0], field[1]).responseEnd(TEXT.substring(0, 30));
            Received response = exchange.response();
            assertThat(response.header("content-encoding")).isEqualTo(coding);
            assertThat(response.header("vary")).isEqualTo(vary == 1 ? "Accept-Encoding" : null);
            boolean compressed = "gzip".equals(coding);
            assertThat(compressed ? plain(response) : response.body())
                    .isEqualTo(TEXT.substring(0, 30));
            assertThat(harness.counter(STATS + counted)).isEqualTo(1);
            assertThat(harness.counter(STATS + "compressed")).isEqualTo(compressed ? 1 : 0);
            assertThat(harness.counter(STATS + "not_compressed")).isEqualTo(compressed ? 0 : 1);
        }
    }

    @Test
    void aResponseWithoutABodyIsNotCompressed() {
        try (FilterHarness harness = gzip().open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "gzip");
            exchange.respondEmpty(204);
            assertThat(exchange.response().header("content-encoding")).isNull();
            assertThat(harness.counter(STATS + "not_compressed")).isEqualTo(1);
        }
    }

    @Test
    void responsesAreConfiguredByTheirDirection() {
        String direction =
                """
                response_direction_config: {
                  common_config: {min_content_length: 10, content_type: [text/x]},
                  disable_on_etag_header: true, remove_accept_encoding_header: true,
                  uncompressible_response_codes: [206]}
                """;
        try (FilterHarness harness = gzip(direction).open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "gzip");
            assertThat(exchange.forwarded().header("accept-encoding")).isNull();
            exchange.respond(200, "content-type", "text/x", "content-length", "10");
            exchange.responseEnd("0123456789");
            assertThat(exchange.response().header("content-encoding")).isEqualTo("gzip");
            Exchange tagged = harness.get("/", "accept-encoding", "gzip");
            tagged.respond(200, "content-type", "text/x", "etag", "W/\"1\"").responseEnd(TEXT);
            assertThat(tagged.response().body()).isEqualTo(TEXT);
            assertThat(tagged.response().header("etag")).isEqualTo("W/\"1\"");
            Exchange partial = harness.get("/", "accept-encoding", "gzip");
            partial.respond(206, "content-type", "text/x").responseEnd(TEXT);
            assertThat(partial.response().body()).isEqualTo(TEXT);
            assertThat(harness.counter(STATS + "not_compressed_etag")).isEqualTo(1);
            assertThat(harness.counter(STATS + "response.compressed")).isEqualTo(1);
            assertThat(harness.counter(STATS + "response.not_compressed")).isEqualTo(2);
        }
    }

    @Test
    void requestsAreCompressedWhereConfigured() {
        String outcome =
                gzip("request_direction_config: {}")
                        .everyCut(harness -> {
                            Exchange exchange =
                                    harness.post(
                                            "/",
                                            TEXT,
                                            "content-length",
                                            String.valueOf(TEXT.length()));
                            assertThat(exchange.forwarded().ended()).isTrue();
                            assertThat(harness.counter(STATS + "request.compressed")).isEqualTo(1);
                            return exchange.forwarded().head() + plain(exchange.forwarded());
                        });
        assertThat(outcome).contains("content-encoding: gzip\n", TEXT).doesNotContain("length");
        try (FilterHarness harness = gzip("request_direction_config: {}").open()) {
            Exchange exchange = harness.request("POST", "/").body(TEXT).trailers("x-t", "1");
            assertThat(plain(exchange.forwarded())).isEqualTo(TEXT);
            assertThat(exchange.forwarded().trailer("x-t")).isEqualTo("1");
            Exchange empty = harness.get("/");
            assertThat(empty.forwarded().header("content-encoding")).isNull();
            assertThat(harness.counter(STATS + "request.not_compressed")).isEqualTo(1);
        }
    }

    @Test
    void aRouteSwitchesItOffAndTakesAnotherLibrary() {
        FilterSetup off = gzip().override(OverrideLevel.ROUTE, perRoute("{disabled: true}"));
        try (FilterHarness harness = off.open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "gzip");
            exchange.respond(200).responseEnd(TEXT);
            assertThat(exchange.response().body()).isEqualTo(TEXT);
        }
        FilterSetup other =
                gzip().override(
                                OverrideLevel.ROUTE,
                                perRoute(
                                        "{overrides: {response_direction_config: {}, %s}}"
                                                .formatted(BROTLI)));
        try (FilterHarness harness = other.open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "gzip, br");
            exchange.respond(200).responseEnd(TEXT);
            assertThat(exchange.response().header("content-encoding")).isEqualTo("br");
        }
    }

    @Test
    void ofTwoTheOneThatTheClientLikesBetterCompresses() {
        FilterSetup both =
                gzip().behind(
                                BuiltinFilter.of(
                                        "br", "compressor.v3.Compressor", "{" + BROTLI + "}"));
        try (FilterHarness harness = both.open()) {
            Exchange exchange = harness.get("/", "accept-encoding", "br;q=0.5, gzip");
            exchange.respond(200).responseEnd(TEXT);
            assertThat(plain(exchange.response())).isEqualTo(TEXT);
            assertThat(exchange.response().header("vary")).isEqualTo("Accept-Encoding");
            String brotli = "http.test.compressor.lib.brotli.";
            assertThat(harness.counter(STATS + "header_compressor_used")).isEqualTo(1);
            assertThat(harness.counter(brotli + "header_compressor_overshadowed")).isEqualTo(1);
            assertThat(harness.counter(brotli + "not_compressed")).isEqualTo(1);
        }
    }

    @Test
    void encodersAreGivenBackWhoeverLeaves() {
        gzip("request_direction_config: {}")
                .everyDeparture(harness ->
                        harness.request("POST", "/", "accept-encoding", "gzip")
                                .body(TEXT)
                                .end(TEXT)
                                .respond(200)
                                .responseBody(TEXT)
                                .responseBody(TEXT)
                                .responseTrailers("x-t", "1"));
    }

    @Test
    void aLibraryMustBeOneThatThereIs() {
        assertThat(
                        BuiltinFilter.of(
                                        "gzip",
                                        "compressor.v3.Compressor",
                                        "{" + LIBRARY.formatted("gzip.decompressor.v3.Gzip") + "}")
                                .errors())
                .singleElement()
                .asString()
                .startsWith("compressor_library.typed_config: ");
    }
}
