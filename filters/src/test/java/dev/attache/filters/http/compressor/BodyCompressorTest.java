package dev.attache.filters.http.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.filters.compression.CompressionLibrary;
import dev.attache.filters.compression.brotli.BrotliFactory;
import dev.attache.filters.compression.gzip.GzipFactory;
import dev.attache.filters.compression.zstd.ZstdFactory;
import dev.attache.proxy.stats.StatsStore;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class BodyCompressorTest {
    private final StatsStore store = new StatsStore();
    private final CompressorStats.Body stats =
            CompressorStats.Body.of(store.scope("compressor."), 0);

    /** An input stream that may fail to open. */
    private interface Decoder {
        InputStream open(InputStream coded) throws IOException;
    }

    private static CompressionLibrary library(
            Function<CompileContext, Compiled<CompressionLibrary>> factory) {
        ConfigFixture fixture = new ConfigFixture();
        return factory.apply(CompileContext.root(fixture.settings(), new Diagnostics("test")))
                .orThrow();
    }

    private void roundTrip(CompressionLibrary library, Decoder decoder) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (BodyCompressor compressor =
                new BodyCompressor(library, UnpooledByteBufAllocator.DEFAULT, stats)) {
            for (int i = 0; i < 50; i++) {
                byte[] piece = ("piece " + i + " ").repeat(300).getBytes();
                plain.write(piece);
                take(compressor.compress(Unpooled.wrappedBuffer(piece), false), wire);
                if (i == 0) {
                    // Each piece can be read before the next one comes.
                    InputStream early = decoder.open(new ByteArrayInputStream(wire.toByteArray()));
                    for (byte octet : piece) {
                        assertThat(early.read()).isEqualTo(octet);
                    }
                }
            }
            take(compressor.compress(null, true), wire);
        }
        InputStream decoded = decoder.open(new ByteArrayInputStream(wire.toByteArray()));
        assertThat(decoded.readAllBytes()).isEqualTo(plain.toByteArray());
        assertThat(wire.size()).isLessThan(plain.size() / 5);
        assertThat(store.scope("compressor.").counter("total_uncompressed_bytes").value())
                .isEqualTo(plain.size());
        assertThat(store.scope("compressor.").counter("total_compressed_bytes").value())
                .isEqualTo(wire.size());
    }

    private static InputStream eagerBrotli(InputStream coded) throws IOException {
        BrotliInputStream decoded = new BrotliInputStream(coded);
        decoded.enableEagerOutput();
        return decoded;
    }

    private static void take(ByteBuf piece, ByteArrayOutputStream into) throws IOException {
        piece.readBytes(into, piece.readableBytes());
        piece.release();
    }

    @Test
    void piecesMakeOneGzipBody() throws IOException {
        roundTrip(
                library(at -> new GzipFactory().compile(Gzip.getDefaultInstance(), at)),
                GZIPInputStream::new);
    }

    @Test
    void piecesMakeOneBrotliBody() throws IOException {
        roundTrip(
                library(at -> new BrotliFactory().compile(Brotli.getDefaultInstance(), at)),
                BodyCompressorTest::eagerBrotli);
    }

    @Test
    void piecesMakeOneZstandardBody() throws IOException {
        roundTrip(
                library(at -> new ZstdFactory().compile(Zstd.getDefaultInstance(), at)),
                ZstdInputStream::new);
    }

    @Test
    void aBodyThatIsCutGivesItsEncoderBack() {
        BodyCompressor compressor =
                new BodyCompressor(
                        library(at -> new GzipFactory().compile(Gzip.getDefaultInstance(), at)),
                        UnpooledByteBufAllocator.DEFAULT,
                        stats);
        compressor.compress(Unpooled.wrappedBuffer(new byte[100]), false).release();
        compressor.close();
        compressor.close();
    }
}
