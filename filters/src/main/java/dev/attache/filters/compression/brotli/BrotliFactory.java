package dev.attache.filters.compression.brotli;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.compression.CompressionLibrary;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;

/** Brotli; its native code is loaded when a configuration first asks for it. */
public final class BrotliFactory implements ExtensionCompiler<Brotli, CompressionLibrary> {
    private static final int DEFAULT_QUALITY = 3;
    private static final int DEFAULT_WINDOW_BITS = 18;
    private static final int DEFAULT_CHUNK = 4096;

    @Override
    public Brotli prototype() {
        return Brotli.getDefaultInstance();
    }

    @Override
    public Compiled<CompressionLibrary> compile(Brotli proto, CompileContext context) {
        if (!Brotli4jLoader.isAvailable()) {
            context.error(
                    "the native Brotli library cannot be loaded here: "
                            + Brotli4jLoader.getUnavailabilityCause().getMessage(),
                    "use gzip, or run on Linux on x86-64 or arm64");
            return context.result(null);
        }
        return context.result(
                new BrotliLibrary(
                        proto.hasQuality() ? proto.getQuality().getValue() : DEFAULT_QUALITY,
                        proto.hasWindowBits()
                                ? proto.getWindowBits().getValue()
                                : DEFAULT_WINDOW_BITS,
                        switch (proto.getEncoderMode()) {
                            case TEXT -> Encoder.Mode.TEXT;
                            case FONT -> Encoder.Mode.FONT;
                            case DEFAULT, GENERIC, UNRECOGNIZED -> Encoder.Mode.GENERIC;
                        },
                        proto.hasChunkSize() ? proto.getChunkSize().getValue() : DEFAULT_CHUNK));
    }
}
