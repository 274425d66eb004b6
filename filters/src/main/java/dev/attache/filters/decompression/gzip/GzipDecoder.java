package dev.attache.filters.decompression.gzip;

import dev.attache.filters.decompression.BodyDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The first member of a gzip body; what stands behind it is not looked at, as in Envoy. */
final class GzipDecoder implements BodyDecoder {

    private static final String DATA_ERROR = "zlib_data_error";
    private static final int TRAILER = 8;

    /** Where the body stands. */
    private enum State {
        HEADER,
        CONTENT,
        TRAILER,
        DONE
    }

    private final GzipLibrary library;
    private final Consumer<String> errors;
    private final Inflater inflater = new Inflater(true);
    private final MemberHeader header = new MemberHeader();
    private final CRC32 checksum = new CRC32();
    private final byte[] trailer = new byte[TRAILER];
    private final byte[] chunk;
    private State state = State.HEADER;
    private int trailerBytes;

    GzipDecoder(GzipLibrary library, Consumer<String> errors) {
        this.library = library;
        this.errors = errors;
        this.chunk = new byte[library.chunkSize()];
    }

    @Override
    public void decode(ByteBuf in, ByteBuf out) {
        long limit = (long) library.maxRatio() * in.readableBytes();
        try {
            if (state == State.HEADER && header.read(in)) {
                state = State.CONTENT;
            }
            if (state == State.CONTENT) {
                inflate(in, out, limit);
            }
            if (state == State.TRAILER) {
                check(in);
            }
        } catch (DataFormatException e) {
            fail();
        }
        in.skipBytes(in.readableBytes());
    }

    private void inflate(ByteBuf in, ByteBuf out, long limit) throws DataFormatException {
        byte[] bytes = ByteBufUtil.getBytes(in, in.readerIndex(), in.readableBytes());
        inflater.setInput(bytes);
        int held = 0;
        while (true) {
            int made = inflater.inflate(chunk, held, chunk.length - held);
            held += made;
            if (held == chunk.length) {
                append(out, held);
                held = 0;
                if (out.readableBytes() > limit) {
                    fail();
                    return;
                }
            }
            if (inflater.finished()
                    || inflater.needsDictionary()
                    || made == 0 && held < chunk.length && inflater.needsInput()) {
                break;
            }
        }
        append(out, held);
        if (inflater.finished()) {
            in.skipBytes(bytes.length - inflater.getRemaining());
            state = State.TRAILER;
        }
    }

    private void append(ByteBuf out, int length) {
        checksum.update(chunk, 0, length);
        out.writeBytes(chunk, 0, length);
    }

    /** Checksum and length, little-endian. */
    private void check(ByteBuf in) throws DataFormatException {
        while (trailerBytes < TRAILER && in.isReadable()) {
            trailer[trailerBytes++] = in.readByte();
        }
        if (trailerBytes == TRAILER) {
            state = State.DONE;
            if (number(0) != (int) checksum.getValue()
                    || number(4) != (int) inflater.getBytesWritten()) {
                throw new DataFormatException("incorrect trailer");
            }
        }
    }

    private int number(int at) {
        return trailer[at] & 0xff
                | (trailer[at + 1] & 0xff) << 8
                | (trailer[at + 2] & 0xff) << 16
                | (trailer[at + 3] & 0xff) << 24;
    }

    private void fail() {
        state = State.DONE;
        errors.accept(DATA_ERROR);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
