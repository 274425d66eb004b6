package dev.attache.filters.compression.zstd;

import com.github.luben.zstd.util.Native;
import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.compression.CompressionLibrary;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;

/** Zstandard; its native code is loaded when a configuration first asks for it. */
public final class ZstdFactory implements ExtensionCompiler<Zstd, CompressionLibrary> {
    private static final int DEFAULT_LEVEL = 3;
    private static final byte[] NO_DICTIONARY = {};

    @Override
    public Zstd prototype() {
        return Zstd.getDefaultInstance();
    }

    @Override
    public Compiled<CompressionLibrary> compile(Zstd proto, CompileContext context) {
        try {
            Native.load();
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            context.error(
                    "the native Zstandard library cannot be loaded here: " + e.getMessage(),
                    "use gzip, or run on Linux on x86-64 or arm64");
            return context.result(null);
        }
        byte[] dictionary =
                proto.hasDictionary()
                        ? DataSources.bytes(proto.getDictionary(), context.at("dictionary"))
                        : null;
        return context.result(
                new ZstdLibrary(
                        proto.hasCompressionLevel()
                                ? proto.getCompressionLevel().getValue()
                                : DEFAULT_LEVEL,
                        proto.getEnableChecksum(),
                        proto.getStrategyValue(),
                        dictionary == null ? NO_DICTIONARY : dictionary));
    }
}
