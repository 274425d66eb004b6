package dev.attache.filters.decompression;

import io.netty.buffer.ByteBuf;

/**
 * One body on its way through a decoder. What is wrong with it is counted and ends what comes of
 * it, as in Envoy, where nobody else hears of it. Loop-confined; {@link #close} frees what it
 * holds.
 */
public interface BodyDecoder extends AutoCloseable {

    /** How much more than its input the output of a piece may be, where nothing else is said. */
    int MAX_RATIO = 100;

    /**
     * Decodes a piece.
     *
     * @param in read to its end; perhaps empty
     * @param out gets what can be read by now
     */
    void decode(ByteBuf in, ByteBuf out);

    @Override
    void close();
}
