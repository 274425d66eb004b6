package dev.attache.filter;

import java.nio.ByteBuffer;

/**
 * A piece of a body, lent for one call: the proxy owns its bytes. After the call every method
 * throws {@link IllegalStateException}, and so does reading a {@linkplain #view view} of it; the
 * latter is refused by the JDK, in whose words the memory is "Already closed".
 */
@Stable(since = "0.1")
public interface Chunk {

    /** In bytes. */
    int size();

    /** The bytes where they are, read-only; to be read during the call and not kept. */
    ByteBuffer view();

    /** A copy, to be kept and changed at will. */
    byte[] bytes();

    /**
     * Lets these bytes go on in place of the piece's own, where the filter answers {@link
     * Step#CONTINUE}.
     *
     * @param bytes are copied
     */
    void replace(byte[] bytes);
}
