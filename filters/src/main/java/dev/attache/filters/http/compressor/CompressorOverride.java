package dev.attache.filters.http.compressor;

import dev.attache.filters.compression.CompressionLibrary;
import org.jspecify.annotations.Nullable;

/**
 * {@code CompressorPerRoute}; null = as the filter says. Immutable.
 *
 * @param responses whether responses are compressed
 * @param library in place of the filter's; statistics keep the filter's names
 */
record CompressorOverride(
        @Nullable Boolean responses,
        @Nullable Boolean removeAcceptEncoding,
        @Nullable CompressionLibrary library) {}
