package dev.attache.filters.http.compressor;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The response compressor. */
public final class CompressorFactory implements ExtensionFactory<Compressor, CompressorSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, Compressor.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.compressor";
    }

    @Override
    public Class<Compressor> protoType() {
        return Compressor.class;
    }

    @Override
    public Compressor prototype() {
        return Compressor.getDefaultInstance();
    }

    private static final String GZIP = "envoy.extensions.compression.gzip.compressor.v3.Gzip";
    private static final long DEFAULT_MIN_LENGTH = 30;

    @Override
    public Compiled<CompressorSpec> compile(Compressor proto, CompileContext context) {
        String url = proto.getCompressorLibrary().getTypedConfig().getTypeUrl();
        String type = url.substring(url.lastIndexOf('/') + 1);
        if (!type.startsWith("envoy.extensions.compression.")) {
            context.at("compressor_library")
                    .error(
                            "Didn't find a registered implementation for type: '%s'"
                                    .formatted(type));
        }
        var common = proto.getResponseDirectionConfig().getCommonConfig();
        Set<String> types = new HashSet<>();
        for (String name : common.getContentTypeList()) {
            types.add(name.toLowerCase(Locale.ROOT));
        }
        return context.result(
                new CompressorSpec(
                        type.equals(GZIP),
                        common.hasMinContentLength()
                                ? Integer.toUnsignedLong(common.getMinContentLength().getValue())
                                : DEFAULT_MIN_LENGTH,
                        types.isEmpty() ? CompressorSpec.DEFAULT_CONTENT_TYPES : types));
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(
                MessageSupport.of(Compressor.getDescriptor())
                        .honoured("compressor_library", "response_direction_config")
                        .noEffect("the first compressor that can is taken", "choose_first")
                        .refused(
                                "use response_direction_config",
                                "content_length",
                                "content_type",
                                "disable_on_etag_header",
                                "remove_accept_encoding_header",
                                "runtime_enabled")
                        .refused("requests are not compressed", "request_direction_config"),
                MessageSupport.of(Compressor.ResponseDirectionConfig.getDescriptor())
                        .honoured("common_config")
                        .refused(
                                "not built yet",
                                "disable_on_etag_header",
                                "remove_accept_encoding_header",
                                "uncompressible_response_codes",
                                "status_header_enabled"),
                MessageSupport.of(Compressor.CommonDirectionConfig.getDescriptor())
                        .honoured("min_content_length", "content_type")
                        .refused("remove the filter to switch it off", "enabled"));
    }
}
