package dev.attache.filters.decompression;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** One content coding with its settings. Immutable; used by all workers. */
public interface DecompressionLibrary {

    /** The coding as {@code content-encoding} names it (RFC 9110 section 8.4.1). */
    String contentEncoding();

    /** Stands in statistics, with the dot behind it. */
    String statsPrefix();

    /**
     * A new decoder.
     *
     * @param errors hears the name of the statistic for each thing that is wrong with what comes
     */
    BodyDecoder decoder(ByteBufAllocator allocator, Consumer<String> errors);
}
