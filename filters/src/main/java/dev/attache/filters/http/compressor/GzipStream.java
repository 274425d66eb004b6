package dev.attache.filters.http.compressor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * One gzip stream (RFC 1952) over pieces of a body. Loop-confined; {@link #close} frees the
 * deflater.
 */
final class GzipStream implements AutoCloseable {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int CHUNK = 4096;

    private final ByteBufAllocator allocator;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final CRC32 crc = new CRC32();
    private final byte[] chunk = new byte[CHUNK];
    private long length;
    private boolean begun;

    GzipStream(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Compresses what is readable; the caller owns the result. Each piece is flushed to the client.
     */
    ByteBuf compress(@Nullable ByteBuf data, boolean last) {
        ByteBuf out = allocator.buffer();
        if (!begun) {
            out.writeBytes(HEADER);
            begun = true;
        }
        if (data != null && data.isReadable()) {
            byte[] bytes = new byte[data.readableBytes()];
            data.readBytes(bytes);
            crc.update(bytes);
            length += bytes.length;
            deflater.setInput(bytes);
        }
        if (last) {
            deflater.finish();
        }
        int produced;
        do {
            produced =
                    deflater.deflate(
                            chunk, 0, CHUNK, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
            out.writeBytes(chunk, 0, produced);
        } while (last ? !deflater.finished() : produced == CHUNK);
        if (last) {
            out.writeIntLE((int) crc.getValue());
            out.writeIntLE((int) length);
        }
        return out;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
