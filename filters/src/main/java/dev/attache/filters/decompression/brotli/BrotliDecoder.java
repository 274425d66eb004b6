package dev.attache.filters.decompression.brotli;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.attache.filters.decompression.BodyDecoder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One Brotli stream, in the steps in which Envoy takes it. */
final class BrotliDecoder implements BodyDecoder {

    private static final String ERROR = "brotli_error";
    private static final int INPUT = 8192;

    /** What a step came to. */
    private enum Outcome {
        MADE,
        STARVED,
        DONE,
        BROKEN
    }

    private final int chunkSize;
    private final Consumer<String> errors;
    private final DecoderJNI.Wrapper decoder;

    /** Made, and not yet handed on. */
    private @Nullable ByteBuffer pending;

    BrotliDecoder(int chunkSize, Consumer<String> errors) {
        this.chunkSize = chunkSize;
        this.errors = errors;
        try {
            this.decoder = new DecoderJNI.Wrapper(INPUT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a decoder for br", e);
        }
    }

    @Override
    public void decode(ByteBuf in, ByteBuf out) {
        long limit = (long) MAX_RATIO * in.readableBytes();
        boolean first = true;
        while (true) {
            int before = out.readableBytes();
            Outcome outcome = step(in, out);
            if (outcome == Outcome.BROKEN) {
                errors.accept(ERROR);
                break;
            }
            // The chunk beyond the limit is handed on, as in Envoy, and nothing behind it.
            if (!first && outcome == Outcome.MADE && before > limit) {
                errors.accept("brotli_output_overflow");
                errors.accept(ERROR);
                break;
            }
            if (outcome == Outcome.DONE && in.isReadable()) {
                errors.accept("brotli_redundant_input");
                errors.accept(ERROR);
                break;
            }
            if (outcome != Outcome.MADE) {
                break;
            }
            first = false;
        }
        in.skipBytes(in.readableBytes());
    }

    /** Makes a chunk, or what there is of one. */
    private Outcome step(ByteBuf in, ByteBuf out) {
        int room = chunkSize;
        while (room > 0) {
            ByteBuffer made = pending;
            if (made != null && made.hasRemaining()) {
                int length = Math.min(room, made.remaining());
                ByteBuffer piece = made.slice(made.position(), length);
                made.position(made.position() + length);
                out.writeBytes(piece);
                room -= length;
                continue;
            }
            pending = null;
            Outcome outcome = more(in);
            if (outcome != Outcome.MADE) {
                return outcome == Outcome.BROKEN || room == chunkSize ? outcome : Outcome.MADE;
            }
        }
        return Outcome.MADE;
    }

    private Outcome more(ByteBuf in) {
        while (true) {
            switch (decoder.getStatus()) {
                case DONE -> {
                    return Outcome.DONE;
                }
                case OK -> decoder.push(0);
                case NEEDS_MORE_OUTPUT -> {
                    pending = copy(decoder.pull());
                    return Outcome.MADE;
                }
                case NEEDS_MORE_INPUT -> {
                    if (decoder.hasOutput()) {
                        pending = copy(decoder.pull());
                        return Outcome.MADE;
                    }
                    if (!in.isReadable()) {
                        return Outcome.STARVED;
                    }
                    ByteBuffer input = decoder.getInputBuffer();
                    input.clear();
                    input.limit(Math.min(input.capacity(), in.readableBytes()));
                    in.readBytes(input);
                    decoder.push(input.position());
                }
                case ERROR -> {
                    return Outcome.BROKEN;
                }
            }
        }
    }

    /** What the decoder lends is good until it is asked again. */
    private static ByteBuffer copy(ByteBuffer lent) {
        return ByteBuffer.allocate(lent.remaining()).put(lent).flip();
    }

    @Override
    public void close() {
        decoder.destroy();
    }
}
