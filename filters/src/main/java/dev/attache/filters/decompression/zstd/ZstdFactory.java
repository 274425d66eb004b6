package dev.attache.filters.decompression.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.util.Native;
import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.decompression.DecompressionLibrary;
import java.util.HashMap;
import java.util.Map;

/** Zstandard; its native code is loaded when a configuration first asks for it. */
public final class ZstdFactory
        implements ExtensionCompiler<
                io.envoyproxy.envoy.extensions.compression.zstd.decompressor.v3.Zstd,
                DecompressionLibrary> {

    /** {@code ZSTD_DStreamOutSize}. */
    private static final int DEFAULT_CHUNK = 128 << 10;

    @Override
    public io.envoyproxy.envoy.extensions.compression.zstd.decompressor.v3.Zstd prototype() {
        return io.envoyproxy.envoy.extensions.compression.zstd.decompressor.v3.Zstd
                .getDefaultInstance();
    }

    @Override
    public Compiled<DecompressionLibrary> compile(
            io.envoyproxy.envoy.extensions.compression.zstd.decompressor.v3.Zstd proto,
            CompileContext context) {
        try {
            Native.load();
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            context.error(
                    "the native Zstandard library cannot be loaded here: " + e.getMessage(),
                    "use gzip, or run on Linux on x86-64 or arm64");
            return context.result(null);
        }
        Map<Long, byte[]> dictionaries = new HashMap<>();
        for (int i = 0; i < proto.getDictionariesCount(); i++) {
            byte[] bytes =
                    DataSources.bytes(proto.getDictionaries(i), context.at("dictionaries", i));
            if (bytes != null) {
                dictionaries.put(Zstd.getDictIdFromDict(bytes), bytes);
            }
        }
        return context.result(
                new ZstdLibrary(
                        proto.hasChunkSize() ? proto.getChunkSize().getValue() : DEFAULT_CHUNK,
                        dictionaries));
    }
}
