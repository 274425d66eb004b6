package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.DataSources;
import dev.attache.config.core.FileNames;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.tracing.TracingCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.Route.Spec;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.stream.format.BodyFormat;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.CorsPolicy;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code Route} to {@link Spec}. */
final class RouteCompiler {
    private RouteCompiler() {}

    /** The route, or null with the errors reported. */
    static @Nullable Spec compile(Route route, RouteScope scope, CompileContext context) {
        int before = context.diagnostics().errorCount();
        var overrides =
                FilterOverrideCompiler.merge(
                        scope.overrides(),
                        FilterOverrideCompiler.compile(
                                route.getTypedPerFilterConfigMap(),
                                cors(route),
                                "route.cors",
                                context));
        RouteScope own = overrides == scope.overrides() ? scope : scope.withOverrides(overrides);
        RouteMatcher match = RouteMatchCompiler.compile(route.getMatch(), context.at("match"));
        RouteAction action = action(route, own, context);
        var request =
                HeaderMutationCompiler.request(
                        route.getRequestHeadersToAddList(),
                        route.getRequestHeadersToRemoveList(),
                        context);
        var response =
                HeaderMutationCompiler.response(
                        route.getResponseHeadersToAddList(),
                        route.getResponseHeadersToRemoveList(),
                        context);
        if (match == null || action == null || context.diagnostics().errorCount() > before) {
            return null;
        }
        var decorator = route.getDecorator();
        boolean propagated = !decorator.hasPropagate() || decorator.getPropagate().getValue();
        String operation = decorator.getOperation();
        return new Spec(
                route.getName(),
                match,
                action,
                route.hasMetadata() ? MetadataValues.compile(route.getMetadata()) : Metadata.EMPTY,
                request,
                response,
                overrides,
                operation.isEmpty() ? null : Octets.of(operation),
                propagated,
                route.hasTracing()
                        ? TracingCompiler.route(route.getTracing(), context.at("tracing"))
                        : null,
                route.getStatPrefix());
    }

    @SuppressWarnings("deprecation") // control planes still send it
    private static @Nullable CorsPolicy cors(Route route) {
        return route.hasRoute() && route.getRoute().hasCors() ? route.getRoute().getCors() : null;
    }

    private static @Nullable RouteAction action(
            Route route, RouteScope scope, CompileContext context) {
        return switch (route.getActionCase()) {
            case ROUTE -> ForwardCompiler.compile(route, scope, context.at("route"));
            case REDIRECT -> RewriteCompiler.redirect(route.getRedirect(), context.at("redirect"));
            case DIRECT_RESPONSE ->
                    directResponse(route.getDirectResponse(), scope, context.at("direct_response"));
            case NON_FORWARDING_ACTION -> new RouteAction.NonForwarding();
            case FILTER_ACTION -> null; // refused
            case ACTION_NOT_SET -> {
                context.error("an action must be set");
                yield null;
            }
        };
    }

    private static @Nullable BodyFormat bodyFormat(
            DirectResponseAction action, CompileContext context) {
        SubstitutionFormatString format =
                Overlay.of(action)
                        .message("body_format", SubstitutionFormatString.getDefaultInstance());
        return format == null ? null : SubstitutionFormats.body(format, context.at("body_format"));
    }

    private static RouteAction directResponse(
            DirectResponseAction action, RouteScope scope, CompileContext context) {
        byte[] body = null;
        if (action.hasBody()) {
            String file = action.getBody().getFilename();
            CompileContext place = context.at("body").at("filename");
            Path path = file.isEmpty() ? null : FileNames.path(file, place);
            if (path != null && !Files.exists(path)) {
                place.error("file " + file + " does not exist");
            } else if (path != null || file.isEmpty()) {
                body = DataSources.bytes(action.getBody(), context.at("body"));
            }
            if (body != null && body.length > scope.maxDirectResponseBytes()) {
                context.at("body")
                        .error(
                                "response body size is %d bytes; maximum is %d"
                                        .formatted(body.length, scope.maxDirectResponseBytes()));
            }
        }
        return new RouteAction.DirectResponse(
                action.getStatus(), body, bodyFormat(action, context));
    }
}
