package dev.attache.filters.istio.metadata_exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What this end of every connection sends first. Immutable. */
final class Preamble {
    private final byte[] bytes;

    /**
     * @param bytes nobody changes them any more
     */
    Preamble(byte[] bytes) {
        this.bytes = bytes;
    }

    /** To be written once. */
    ByteBuf toBuffer() {
        return Unpooled.wrappedBuffer(bytes);
    }
}
