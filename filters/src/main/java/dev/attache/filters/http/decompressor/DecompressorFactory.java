package dev.attache.filters.http.decompressor;

import dev.attache.config.Compiled;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.decompression.DecompressionLibrary;
import dev.attache.filters.http.decompressor.DecompressorSpec.Rules;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.CommonDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.RequestDirectionConfig;

/** The filter in the chain. */
public final class DecompressorFactory implements ExtensionCompiler<Decompressor, HttpFilterSpec> {

    @Override
    public Decompressor prototype() {
        return Decompressor.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Decompressor proto, CompileContext context) {
        DecompressionLibrary library =
                context.at("decompressor_library")
                        .at("typed_config")
                        .extension(
                                ExtensionCategory.DECOMPRESSOR,
                                DecompressionLibrary.class,
                                proto.getDecompressorLibrary().getName(),
                                proto.getDecompressorLibrary().getTypedConfig());
        if (library == null) {
            return context.result(null);
        }
        RequestDirectionConfig request = proto.getRequestDirectionConfig();
        return context.result(
                new DecompressorSpec(
                        proto.getDecompressorLibrary().getName(),
                        library,
                        rules(
                                request.getCommonConfig(),
                                context.at("request_direction_config").at("common_config")),
                        rules(
                                proto.getResponseDirectionConfig().getCommonConfig(),
                                context.at("response_direction_config").at("common_config")),
                        !request.hasAdvertiseAcceptEncoding()
                                || request.getAdvertiseAcceptEncoding().getValue()));
    }

    private static Rules rules(CommonDirectionConfig common, CompileContext context) {
        return new Rules(
                !common.hasEnabled()
                        || RuntimeFlags.compile(common.getEnabled(), context.at("enabled")),
                common.getIgnoreNoTransformHeader());
    }
}
