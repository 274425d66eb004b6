package dev.attache.filters.http.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class GzipStreamTest {
    @Test
    void piecesMakeOneStreamThatGunzipReads() throws Exception {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (GzipStream gzip = new GzipStream(UnpooledByteBufAllocator.DEFAULT)) {
            for (int i = 0; i < 50; i++) {
                byte[] piece = ("piece " + i + " ").repeat(300).getBytes();
                plain.write(piece);
                take(gzip.compress(Unpooled.wrappedBuffer(piece), false), wire);
            }
            take(gzip.compress(null, true), wire);
        }
        byte[] read =
                new GZIPInputStream(new ByteArrayInputStream(wire.toByteArray())).readAllBytes();
        assertThat(read).isEqualTo(plain.toByteArray());
        assertThat(wire.size()).isLessThan(plain.size() / 5);
    }

    @Test
    void acceptEncodingIsReadWithItsWeights() {
        assertThat(CompressorFilter.acceptsGzip("br, gzip;q=0.5")).isTrue();
        assertThat(CompressorFilter.acceptsGzip("*")).isTrue();
        assertThat(CompressorFilter.acceptsGzip("gzip;q=0, *")).isFalse();
        assertThat(CompressorFilter.acceptsGzip("identity")).isFalse();
        assertThat(CompressorFilter.acceptsGzip("")).isFalse();
    }

    private static void take(ByteBuf buffer, ByteArrayOutputStream into) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        into.writeBytes(bytes);
    }
}
