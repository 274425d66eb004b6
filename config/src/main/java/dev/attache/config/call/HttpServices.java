package dev.attache.config.call;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.call.HttpService;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.List;

/** {@code envoy.config.core.v3.HttpService}. */
public final class HttpServices {
    private HttpServices() {}

    /** A service; where it names no host, requests are for the cluster's name. */
    public static HttpService compile(
            io.envoyproxy.envoy.config.core.v3.HttpService service, CompileContext context) {
        List<TypedExtensionConfig> formatters =
                Overlay.of(service)
                        .messages("formatters", TypedExtensionConfig.getDefaultInstance());
        var uri = service.getHttpUri();
        String text = uri.getUri();
        int scheme = text.indexOf("://");
        int host = scheme < 0 ? 0 : scheme + 3;
        int slash = text.indexOf('/', host);
        String authority = text.substring(host, slash < 0 ? text.length() : slash);
        String path = slash < 0 ? "/" : text.substring(slash);
        return new HttpService(
                uri.getCluster(),
                authority,
                path,
                HeaderMutationCompiler.additions(
                        service.getRequestHeadersToAddList(),
                        "request_headers_to_add",
                        SubstitutionFormats.commands(formatters, context),
                        context),
                Durations.millis(uri.getTimeout(), context.at("http_uri").at("timeout")));
    }
}
