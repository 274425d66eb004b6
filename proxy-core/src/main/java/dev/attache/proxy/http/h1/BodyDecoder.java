package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message body off the wire: counted, chunked (RFC 9112 section 7), or up to the end of the
 * connection. Large pieces pass as slices of what was received; small chunks are gathered, so that
 * a peer that sends a byte a chunk does not cost a buffer a byte. Owned by one codec, reused.
 */
final class BodyDecoder {

    /** Where the body goes. */
    interface Out {
        /** Takes ownership. */
        void body(ByteBuf chunk, boolean end);

        /**
         * All that is left of {@code in}, as a piece for {@link #body}. Who reads {@code in} may
         * give it itself away, and nobody reads it any more.
         */
        default ByteBuf rest(ByteBuf in) {
            return in.readRetainedSlice(in.readableBytes());
        }

        /** What {@link HeadReader#trailerOctets} says of the trailers, before the end. */
        void trailerOctets(int octets);

        /** End of a chunked body that has trailers. */
        void trailers(Headers trailers);

        /** True once nothing more may be delivered, because a callback has ended the message. */
        boolean halted();
    }

    private enum State {
        COUNTED,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        SIZE_LF,
        CHUNK,
        CHUNK_CR,
        CHUNK_LF,
        TRAILERS,
        DONE
    }

    private static final int GATHER_BELOW = 1024;
    private static final int MAX_EXTENSION = 4096;

    private final Out out;
    private final HeadReader reader;
    private final boolean enableTrailers;
    private final MessagePart part;
    private Headers trailers;
    private State state = State.DONE;
    private long left;
    private int digits;
    private int extension;
    private @Nullable ByteBuf gathered;
    private Http1Error error = Http1Error.CODEC_ERROR;

    BodyDecoder(Out out, HeadReader reader, MessagePart part, boolean enableTrailers) {
        this.out = out;
        this.reader = reader;
        this.part = part;
        this.trailers = new Headers(part, 64, 4);
        this.enableTrailers = enableTrailers;
    }

    void startCounted(long length) {
        state = State.COUNTED;
        left = length;
    }

    void startChunked() {
        state = State.SIZE;
        beginSize();
    }

    void startUntilClose() {
        state = State.UNTIL_CLOSE;
    }

    boolean isUntilClose() {
        return state == State.UNTIL_CLOSE;
    }

    /** Bytes of heap that trailers take. */
    int footprint() {
        return trailers.footprint();
    }

    /** Trailers have begun, or have just ended. */
    boolean inTrailers() {
        return state == State.TRAILERS;
    }

    /** No message is under way: keeps no more than it needs for the next. */
    void trim() {
        trailers.clear();
    }

    Http1Error error() {
        return error;
    }

    /** Drops what has been gathered; the message will not be finished. */
    void abandon() {
        state = State.DONE;
        ByteBuf rest = gathered;
        if (rest != null) {
            gathered = null;
            rest.release();
        }
    }

    /** Consumes from {@code in} what belongs to the body; false when the body breaks a rule. */
    boolean decode(ByteBuf in, ByteBufAllocator allocator) {
        while (in.isReadable() && state != State.DONE && !out.halted()) {
            switch (state) {
                case COUNTED -> {
                    if (left >= in.readableBytes()) {
                        countedRest(in);
                        return true;
                    }
                    countedEnd(in);
                }
                case UNTIL_CLOSE -> out.body(in.readRetainedSlice(in.readableBytes()), false);
                case CHUNK -> chunk(in, allocator);
                case TRAILERS -> {
                    switch (reader.read(in)) {
                        case MORE -> {}
                        case DONE -> {
                            if (enableTrailers) {
                                out.trailerOctets(reader.trailerOctets());
                            }
                            end();
                        }
                        case FAILED -> {
                            return failed(reader.error());
                        }
                    }
                }
                default -> {
                    if (!octet(in.readByte())) {
                        return failed(Http1Error.CODEC_ERROR);
                    }
                }
            }
        }
        if (gathered != null && !out.halted()) {
            deliverGathered();
        }
        return true;
    }

    private boolean failed(Http1Error why) {
        error = why;
        // What came before the error is body: Envoy delivers it, too.
        if (gathered != null && !out.halted()) {
            deliverGathered();
        }
        return false;
    }

    private void deliverGathered() {
        ByteBuf chunk = gathered;
        gathered = null;
        if (chunk != null) {
            out.body(chunk, false);
        }
    }

    /** Nothing but body is there. */
    private void countedRest(ByteBuf in) {
        left -= in.readableBytes();
        boolean last = left == 0;
        if (last) {
            state = State.DONE;
        }
        out.body(out.rest(in), last);
    }

    /** Something else follows the body. */
    private void countedEnd(ByteBuf in) {
        int length = (int) left;
        left = 0;
        state = State.DONE;
        out.body(in.readRetainedSlice(length), true);
    }

    private void chunk(ByteBuf in, ByteBufAllocator allocator) {
        int length = (int) Math.min(left, in.readableBytes());
        left -= length;
        if (left == 0) {
            state = State.CHUNK_CR;
        }
        if (length < GATHER_BELOW) {
            ByteBuf into = gathered;
            if (into == null) {
                into = allocator.directBuffer(Math.max(256, Math.min(in.readableBytes(), 8192)));
                gathered = into;
            }
            into.writeBytes(in, length);
            return;
        }
        deliverGathered();
        if (!out.halted()) {
            out.body(in.readRetainedSlice(length), false);
        }
    }

    private void end() {
        state = State.DONE;
        ByteBuf rest = gathered;
        gathered = null;
        if (enableTrailers && !trailers.isEmpty()) {
            if (rest != null) {
                out.body(rest, false);
            }
            if (!out.halted()) {
                // The receiver may keep them longer than this connection's next message.
                Headers delivered = trailers;
                trailers = new Headers(part, 64, 4);
                out.trailers(delivered);
            }
        } else {
            out.body(rest == null ? Unpooled.EMPTY_BUFFER : rest, true);
        }
    }

    private void beginSize() {
        left = 0;
        digits = 0;
        extension = 0;
    }

    private boolean octet(byte octet) {
        switch (state) {
            case SIZE -> {
                return size(octet);
            }
            case EXTENSION -> {
                if (octet == '\r') {
                    state = State.SIZE_LF;
                    return true;
                }
                return Octets.isValue(octet) && ++extension <= MAX_EXTENSION;
            }
            case SIZE_LF -> {
                if (left == 0) {
                    trailers.clear();
                    reader.start(trailers, null);
                    state = State.TRAILERS;
                } else {
                    state = State.CHUNK;
                }
                return octet == '\n';
            }
            case CHUNK_CR -> {
                state = State.CHUNK_LF;
                return octet == '\r';
            }
            case CHUNK_LF -> {
                state = State.SIZE;
                beginSize();
                return octet == '\n';
            }
            default -> throw new IllegalStateException("no single octets in " + state);
        }
    }

    /** Hexadecimal digits, then CRLF or blanks and extensions that are skipped. */
    private boolean size(byte octet) {
        int digit = Character.digit(octet, 16);
        if (digit >= 0 && octet > 0) {
            // Up to 2^59: far beyond any body, far from overflow; zeros in front are bounded too.
            if (++digits > 32 || left >= 1L << 55) {
                return false;
            }
            left = left * 16 + digit;
            return true;
        }
        if (digits == 0) {
            return false;
        }
        switch (octet) {
            case '\r' -> state = State.SIZE_LF;
            case ';' -> state = State.EXTENSION;
            case ' ', '\t' -> {
                // Blanks may precede the line end or an extension, and nothing else.
                if (++extension > MAX_EXTENSION) {
                    return false;
                }
                digits = 33;
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
