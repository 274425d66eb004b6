package dev.attache.filters.http.compressor;

import dev.attache.filters.compression.CompressionLibrary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** One body on its way through an encoder. Loop-confined; {@link #close} frees the encoder. */
final class BodyCompressor implements AutoCloseable {

    private final ByteBufAllocator allocator;
    private final CompressorStats.Body stats;
    private final OutputStream encoder;
    private @Nullable ByteBuf out;
    private boolean ended;

    BodyCompressor(
            CompressionLibrary library, ByteBufAllocator allocator, CompressorStats.Body stats) {
        this.allocator = allocator;
        this.stats = stats;
        try {
            this.encoder = library.encoder(new Sink());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start an encoder for " + library.contentEncoding(), e);
        }
    }

    /**
     * Compresses what is readable, so far that the receiver can read all of it; the caller owns the
     * result.
     */
    ByteBuf compress(@Nullable ByteBuf data, boolean last) {
        stats.totalUncompressedBytes().add(data == null ? 0 : data.readableBytes());
        try {
            if (data != null && data.isReadable()) {
                data.readBytes(encoder, data.readableBytes());
            }
            if (last) {
                ended = true;
                encoder.close();
            } else {
                encoder.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an encoder failed that writes to memory", e);
        }
        ByteBuf made = out == null ? allocator.buffer(0) : out;
        out = null;
        stats.totalCompressedBytes().add(made.readableBytes());
        return made;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            try {
                encoder.close();
            } catch (IOException e) {
                throw new UncheckedIOException("an encoder failed that writes to memory", e);
            }
        }
        if (out != null) {
            out.release();
            out = null;
        }
    }

    /** Collects what the encoder writes, from its first header on. */
    private final class Sink extends OutputStream {
        @Override
        public void write(int octet) {
            buffer().writeByte(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            buffer().writeBytes(bytes, offset, length);
        }

        private ByteBuf buffer() {
            ByteBuf present = out;
            if (present == null) {
                present = allocator.buffer();
                out = present;
            }
            return present;
        }
    }
}
