package dev.attache.filters.decompression.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.attache.filters.decompression.BodyDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The frames of a Zstandard body, one behind the other. */
final class ZstdDecoder implements BodyDecoder {

    private static final String DICTIONARY_ERROR = "zstd_dictionary_error";

    /** Of zstd_errors.h. */
    private static final int CHECKSUM_WRONG = 22;

    private static final int DICTIONARY_CORRUPTED = 30;
    private static final int DICTIONARY_WRONG = 32;
    private static final int MEMORY_ALLOCATION = 64;

    private final ZstdLibrary library;
    private final ByteBufAllocator allocator;
    private final Consumer<String> errors;
    private @Nullable ZstdDecompressCtx decoder = new ZstdDecompressCtx();
    private boolean began;

    ZstdDecoder(ZstdLibrary library, ByteBufAllocator allocator, Consumer<String> errors) {
        this.library = library;
        this.allocator = allocator;
        this.errors = errors;
    }

    @Override
    public void decode(ByteBuf in, ByteBuf out) {
        ZstdDecompressCtx open = decoder;
        if (open != null && in.isReadable()) {
            ByteBuf source = allocator.directBuffer(in.readableBytes());
            ByteBuf chunk = allocator.directBuffer(library.chunkSize());
            try {
                source.writeBytes(in, in.readerIndex(), in.readableBytes());
                decode(open, source, chunk, out);
            } catch (ZstdException e) {
                fail(name(e));
            } finally {
                source.release();
                chunk.release();
            }
        }
        in.skipBytes(in.readableBytes());
    }

    private void decode(ZstdDecompressCtx open, ByteBuf source, ByteBuf chunk, ByteBuf out) {
        if (!began) {
            began = true;
            if (!hasDictionary(open, source)) {
                fail(DICTIONARY_ERROR);
                return;
            }
        }
        long limit = (long) MAX_RATIO * source.readableBytes();
        ByteBuffer from = source.nioBuffer(source.readerIndex(), source.readableBytes());
        while (from.hasRemaining()) {
            ByteBuffer to = chunk.nioBuffer(0, library.chunkSize());
            boolean unused = open.decompressDirectByteBufferStream(to, from);
            out.writeBytes(to.flip());
            if (out.readableBytes() > limit) {
                fail("zstd_generic_error");
                return;
            }
        }
    }

    /** Whether the first frame needs no dictionary, or one that is here. */
    private boolean hasDictionary(ZstdDecompressCtx open, ByteBuf source) {
        if (library.dictionaries().isEmpty()) {
            return true;
        }
        long id = Zstd.getDictIdFromFrame(ByteBufUtil.getBytes(source));
        byte[] dictionary = library.dictionaries().get(id);
        if (dictionary != null) {
            open.loadDict(dictionary);
        }
        return id == 0 || dictionary != null;
    }

    private static String name(ZstdException e) {
        return switch ((int) Math.abs(e.getErrorCode())) {
            case MEMORY_ALLOCATION -> "zstd_memory_error";
            case DICTIONARY_CORRUPTED, DICTIONARY_WRONG -> DICTIONARY_ERROR;
            case CHECKSUM_WRONG -> "zstd_checksum_wrong_error";
            default -> "zstd_generic_error";
        };
    }

    private void fail(String error) {
        errors.accept(error);
        close();
    }

    @Override
    public void close() {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
