package dev.attache.filters.decompression.brotli;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.decompression.DecompressionLibrary;
import io.envoyproxy.envoy.extensions.compression.brotli.decompressor.v3.Brotli;

/** Brotli; its native code is loaded when a configuration first asks for it. */
public final class BrotliFactory implements ExtensionCompiler<Brotli, DecompressionLibrary> {
    private static final int DEFAULT_CHUNK = 4096;

    @Override
    public Brotli prototype() {
        return Brotli.getDefaultInstance();
    }

    @Override
    public Compiled<DecompressionLibrary> compile(Brotli proto, CompileContext context) {
        if (!Brotli4jLoader.isAvailable()) {
            context.error(
                    "the native Brotli library cannot be loaded here: "
                            + Brotli4jLoader.getUnavailabilityCause().getMessage(),
                    "use gzip, or run on Linux on x86-64 or arm64");
            return context.result(null);
        }
        return context.result(
                new BrotliLibrary(
                        proto.hasChunkSize() ? proto.getChunkSize().getValue() : DEFAULT_CHUNK));
    }
}
