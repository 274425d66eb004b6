package dev.attache.filters.http.compressor;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.compression.CompressionLibrary;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorOverrides;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.ResponseDirectionOverrides;
import org.jspecify.annotations.Nullable;

/** What a route says of compression. */
public final class CompressorPerRouteFactory
        implements ExtensionCompiler<CompressorPerRoute, Object> {
    @Override
    public CompressorPerRoute prototype() {
        return CompressorPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(CompressorPerRoute proto, CompileContext context) {
        if (proto.getDisabled()) {
            return context.result(new CompressorOverride(false, null, null));
        }
        CompressorOverrides overrides = proto.getOverrides();
        CompileContext at = context.at("overrides").at("compressor_library");
        return context.result(
                new CompressorOverride(
                        // That it is there says that responses are compressed.
                        overrides.hasResponseDirectionConfig() ? true : null,
                        removeAcceptEncoding(overrides.getResponseDirectionConfig()),
                        overrides.hasCompressorLibrary()
                                ? at.at("typed_config")
                                        .extension(
                                                ExtensionCategory.COMPRESSOR,
                                                CompressionLibrary.class,
                                                overrides.getCompressorLibrary().getName(),
                                                overrides.getCompressorLibrary().getTypedConfig())
                                : null));
    }

    private static @Nullable Boolean removeAcceptEncoding(ResponseDirectionOverrides overrides) {
        return overrides.hasRemoveAcceptEncodingHeader()
                ? overrides.getRemoveAcceptEncodingHeader().getValue()
                : null;
    }
}
