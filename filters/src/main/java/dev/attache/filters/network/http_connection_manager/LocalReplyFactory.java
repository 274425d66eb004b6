package dev.attache.filters.network.http_connection_manager;

import dev.attache.config.accesslog.AccessLogFilters;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.accesslog.AccessLogFilter;
import dev.attache.proxy.network.http.LocalReplySpec;
import dev.attache.proxy.stream.format.BodyFormat;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code local_reply_config}. */
final class LocalReplyFactory {
    private LocalReplyFactory() {}

    static LocalReplySpec compile(
            LocalReplyConfig config, boolean appendLocalOverload, CompileContext context) {
        List<LocalReplySpec.Mapper> mappers = new ArrayList<>();
        for (int i = 0; i < config.getMappersCount(); i++) {
            LocalReplySpec.Mapper mapper = mapper(config.getMappers(i), context.at("mappers", i));
            if (mapper != null) {
                mappers.add(mapper);
            }
        }
        BodyFormat format =
                config.hasBodyFormat()
                        ? SubstitutionFormats.body(
                                config.getBodyFormat(), context.at("body_format"))
                        : null;
        return new LocalReplySpec(mappers, format, appendLocalOverload);
    }

    private static LocalReplySpec.@Nullable Mapper mapper(
            ResponseMapper mapper, CompileContext context) {
        AccessLogFilter filter = AccessLogFilters.compile(mapper.getFilter(), context.at("filter"));
        if (filter == null) {
            return null;
        }
        return new LocalReplySpec.Mapper(
                filter,
                mapper.hasStatusCode() ? mapper.getStatusCode().getValue() : -1,
                mapper.hasBody() ? octets(mapper.getBody(), context.at("body")) : null,
                mapper.hasBodyFormatOverride()
                        ? SubstitutionFormats.body(
                                mapper.getBodyFormatOverride(), context.at("body_format_override"))
                        : null,
                HeaderMutationCompiler.compile(
                        mapper.getHeadersToAddList(),
                        "headers_to_add",
                        List.of(),
                        "headers_to_remove",
                        context));
    }

    /** Bodies of local replies are strings of octets. */
    private static @Nullable String octets(DataSource body, CompileContext context) {
        byte[] bytes = DataSources.bytes(body, context);
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
