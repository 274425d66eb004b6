package dev.attache.filters.http.ext_authz;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.AuthorizationServiceFactory;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a route. */
public final class ExtAuthzPerRouteFactory implements ExtensionCompiler<ExtAuthzPerRoute, Object> {
    @Override
    public ExtAuthzPerRoute prototype() {
        return ExtAuthzPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(ExtAuthzPerRoute proto, CompileContext context) {
        if (!proto.hasCheckSettings()) {
            return context.result(
                    new ExtAuthzOverride(proto.getDisabled(), Map.of(), false, null, null, null));
        }
        CheckSettings settings = proto.getCheckSettings();
        CompileContext at = context.at("check_settings");
        if (settings.getDisableRequestBodyBuffering() && settings.hasWithRequestBody()) {
            at.error(
                    "Invalid configuration for check_settings. Only one of"
                            + " disable_request_body_buffering and with_request_body can be set.");
        }
        return context.result(
                new ExtAuthzOverride(
                        false,
                        settings.getContextExtensionsMap(),
                        settings.getDisableRequestBodyBuffering(),
                        settings.hasWithRequestBody()
                                ? ExtAuthzFilterFactory.body(
                                        settings.getWithRequestBody(), settings.hasHttpService())
                                : null,
                        service(settings, at),
                        emitsSpan(settings)));
    }

    private static @Nullable Boolean emitsSpan(CheckSettings settings) {
        Overlay newer = Overlay.of(settings);
        return newer.has("emit_client_span") ? newer.flag("emit_client_span") : null;
    }

    private static @Nullable AuthorizationService service(
            CheckSettings settings, CompileContext context) {
        return switch (settings.getServiceOverrideCase()) {
            case GRPC_SERVICE ->
                    AuthorizationServiceFactory.grpc(
                            settings.getGrpcService(), context.at("grpc_service"));
            case HTTP_SERVICE ->
                    AuthorizationServiceFactory.http(
                            settings.getHttpService(), context.at("http_service"));
            case SERVICEOVERRIDE_NOT_SET -> null;
        };
    }
}
