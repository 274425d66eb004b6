package dev.attache.filters.http.compressor;

import dev.attache.config.Compiled;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.compression.CompressionLibrary;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.CommonDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.ResponseDirectionConfig;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The compressor of responses and, where configured, of requests. */
public final class CompressorFactory implements ExtensionCompiler<Compressor, CompressorSpec> {
    private static final long DEFAULT_MIN_LENGTH = 30;

    @Override
    public Compressor prototype() {
        return Compressor.getDefaultInstance();
    }

    @Override
    public Compiled<CompressorSpec> compile(Compressor proto, CompileContext context) {
        CompressionLibrary library =
                context.at("compressor_library")
                        .at("typed_config")
                        .extension(
                                ExtensionCategory.COMPRESSOR,
                                CompressionLibrary.class,
                                proto.getCompressorLibrary().getName(),
                                proto.getCompressorLibrary().getTypedConfig());
        if (library == null) {
            return context.result(null);
        }
        ResponseDirectionConfig response = response(proto);
        return context.result(
                new CompressorSpec(
                        proto.getCompressorLibrary().getName(),
                        library,
                        proto.hasRequestDirectionConfig()
                                ? rules(
                                        proto.getRequestDirectionConfig().getCommonConfig(),
                                        context)
                                : null,
                        rules(response.getCommonConfig(), context),
                        new CompressorSpec.ResponseRules(
                                response.getDisableOnEtagHeader(),
                                response.getRemoveAcceptEncodingHeader(),
                                new HashSet<>(response.getUncompressibleResponseCodesList())),
                        !proto.hasResponseDirectionConfig(),
                        proto.getChooseFirst()));
    }

    /** The filter's own, deprecated fields say the same where the newer message is absent. */
    @SuppressWarnings("deprecation") // Envoy honours them still
    private static ResponseDirectionConfig response(Compressor proto) {
        if (proto.hasResponseDirectionConfig()) {
            return proto.getResponseDirectionConfig();
        }
        CommonDirectionConfig.Builder common =
                CommonDirectionConfig.newBuilder().addAllContentType(proto.getContentTypeList());
        if (proto.hasContentLength()) {
            common.setMinContentLength(proto.getContentLength());
        }
        RuntimeFeatureFlag enabled = proto.getRuntimeEnabled();
        return ResponseDirectionConfig.newBuilder()
                .setCommonConfig(common.setEnabled(enabled))
                .setDisableOnEtagHeader(proto.getDisableOnEtagHeader())
                .setRemoveAcceptEncodingHeader(proto.getRemoveAcceptEncodingHeader())
                .build();
    }

    private static BodyRules rules(CommonDirectionConfig common, CompileContext context) {
        Set<String> types = new HashSet<>();
        for (String name : common.getContentTypeList()) {
            types.add(name.toLowerCase(Locale.ROOT));
        }
        long length = Integer.toUnsignedLong(common.getMinContentLength().getValue());
        return new BodyRules(
                RuntimeFlags.compile(common.getEnabled(), context),
                length == 0 ? DEFAULT_MIN_LENGTH : length,
                types.isEmpty() ? BodyRules.DEFAULT_CONTENT_TYPES : types);
    }
}
