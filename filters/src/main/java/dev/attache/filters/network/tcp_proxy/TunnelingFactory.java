package dev.attache.filters.network.tcp_proxy;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.network.tcp.TcpProxySpec;
import dev.attache.proxy.stream.format.CommandFactory;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code TunnelingConfig}. */
final class TunnelingFactory {

    private static final String UUID = "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig";

    private TunnelingFactory() {}

    /** Null where something is wrong, which has been reported. */
    static TcpProxySpec.@Nullable Tunneling compile(TunnelingConfig proto, CompileContext context) {
        List<CommandFactory> commands =
                SubstitutionFormats.commands(
                        Overlay.of(proto)
                                .messages("formatters", TypedExtensionConfig.getDefaultInstance()),
                        context);
        Formatter hostname =
                SubstitutionFormats.parse(proto.getHostname(), commands, context.at("hostname"));
        if (!proto.getUsePost() && !proto.getPostPath().isEmpty()) {
            context.at("post_path").error("Can't set a post path when POST method isn't used");
        }
        var headers =
                HeaderMutationCompiler.additions(
                        proto.getHeadersToAddList(), "headers_to_add", commands, context);
        TcpProxySpec.RequestId requestId = requestId(proto, context);
        return hostname == null
                ? null
                : new TcpProxySpec.Tunneling(
                        hostname,
                        proto.getUsePost(),
                        proto.getPostPath().isEmpty() ? "/" : proto.getPostPath(),
                        headers,
                        proto.getPropagateResponseHeaders(),
                        proto.getPropagateResponseTrailers(),
                        requestId);
    }

    /** An extension without a configuration asks for nothing, as in Envoy. */
    private static TcpProxySpec.@Nullable RequestId requestId(
            TunnelingConfig proto, CompileContext context) {
        if (!proto.getRequestIdExtension().hasTypedConfig()) {
            return null;
        }
        String url = proto.getRequestIdExtension().getTypedConfig().getTypeUrl();
        String type = url.substring(url.lastIndexOf('/') + 1);
        if (!type.equals(UUID)) {
            context.at("request_id_extension")
                    .missing(
                            "Didn't find a registered implementation for type: '" + type + "'",
                            EnvoyExtensions.hasType(type));
            return null;
        }
        String header = proto.getRequestIdHeader();
        String key = proto.getRequestIdMetadataKey();
        if (header.startsWith(":") || header.equalsIgnoreCase("host")) {
            context.at("request_id_header").error(":-prefixed or host headers may not be modified");
        }
        return new TcpProxySpec.RequestId(
                HeaderName.of(header.isEmpty() ? "x-request-id" : header),
                key.isEmpty() ? "tunnel_request_id" : key);
    }
}
