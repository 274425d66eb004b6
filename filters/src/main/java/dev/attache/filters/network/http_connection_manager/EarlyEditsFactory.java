package dev.attache.filters.network.http_connection_manager;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderEditCompiler;
import dev.attache.proxy.route.HeaderEdit;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import java.util.ArrayList;
import java.util.List;

/** {@code early_header_mutation_extensions}: the edits of all of them, in their order. */
final class EarlyEditsFactory {

    private static final String HEADER_MUTATION =
            "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation";

    private EarlyEditsFactory() {}

    static List<HeaderEdit> compile(HttpConnectionManager proto, CompileContext context) {
        List<HeaderEdit> edits = new ArrayList<>();
        for (int i = 0; i < proto.getEarlyHeaderMutationExtensionsCount(); i++) {
            edits.addAll(
                    edits(
                            proto.getEarlyHeaderMutationExtensions(i),
                            context.at("early_header_mutation_extensions", i).at("typed_config")));
        }
        return edits;
    }

    private static List<HeaderEdit> edits(TypedExtensionConfig extension, CompileContext context) {
        String url = extension.getTypedConfig().getTypeUrl();
        String type = url.substring(url.lastIndexOf('/') + 1);
        if (!type.equals(HEADER_MUTATION)) {
            context.missing(extension.getName(), type);
            return List.of();
        }
        HeaderMutation config =
                context.unpack(extension.getTypedConfig(), HeaderMutation.getDefaultInstance());
        return config == null
                ? List.of()
                : HeaderEditCompiler.compile(
                        config.getMutationsList(), "mutations", List.of(), context);
    }
}
