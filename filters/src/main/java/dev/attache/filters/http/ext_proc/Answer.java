package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.metadata.MetadataValue;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ProcessingResponse}: what the processor says. Immutable.
 *
 * @param change of heads and bodies; {@link Change#NOTHING} of others
 * @param trailers how trailers change, or null
 * @param immediate the client's answer, or null
 * @param metadata by namespace, or null
 * @param mode how it wants the rest, or null
 * @param timeoutMillis the time that it asks for; {@link #NO_TIMEOUT}: none, {@link #BAD_TIMEOUT}:
 *     no time at all
 */
record Answer(
        Part part,
        Change change,
        @Nullable HeaderChange trailers,
        @Nullable Immediate immediate,
        @Nullable Piece piece,
        MetadataValue.@Nullable Struct metadata,
        @Nullable ProcessingMode mode,
        long timeoutMillis) {

    static final long NO_TIMEOUT = -1;
    static final long BAD_TIMEOUT = -2;

    /** What is answered. */
    enum Part {
        REQUEST_HEADERS,
        RESPONSE_HEADERS,
        REQUEST_BODY,
        RESPONSE_BODY,
        REQUEST_TRAILERS,
        RESPONSE_TRAILERS,
        IMMEDIATE,
        /** A response of the processor's own, piece by piece. */
        STREAMED_IMMEDIATE,
        /** Nothing that is known. */
        NONE
    }

    /**
     * {@code CommonResponse}.
     *
     * @param replaces the message is the processor's from here on: {@code CONTINUE_AND_REPLACE}
     */
    record Change(
            boolean replaces,
            @Nullable HeaderChange headers,
            @Nullable BodyChange body,
            boolean clearsRoute) {
        static final Change NOTHING = new Change(false, null, null, false);
    }

    /** {@code HeaderMutation}. */
    record HeaderChange(List<SetHeader> set, List<String> removed) {}

    /**
     * A header that is set.
     *
     * @param value octets
     * @param append whether those that are there stay
     */
    record SetHeader(String name, String value, boolean append) {}

    /**
     * {@code BodyMutation}.
     *
     * @param bytes on the heap: nobody has to release them
     * @param end of a piece of a stream, the last one
     */
    record BodyChange(Kind kind, ByteBuf bytes, boolean end) {
        enum Kind {
            REPLACE,
            CLEAR,
            /** {@code clear_body: false}, or nothing at all. */
            KEEP,
            /** A piece of a body that the processor streams. */
            STREAM
        }
    }

    /**
     * {@code ImmediateResponse}.
     *
     * @param body octets
     * @param grpcStatus -1: as follows from the status
     */
    record Immediate(
            int status,
            @Nullable HeaderChange headers,
            String body,
            int grpcStatus,
            String details) {}

    /**
     * {@code StreamedImmediateResponse}: one of them is there.
     *
     * @param headers names and values, octets
     * @param end nothing follows the head or the body
     */
    record Piece(
            @Nullable List<SetHeader> headers,
            @Nullable ByteBuf body,
            @Nullable List<SetHeader> trailers,
            boolean end) {}
}
