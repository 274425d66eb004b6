package dev.attache.filters.http.ext_authz;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.AuthorizationServiceFactory;
import dev.attache.filters.authorization.DestinationLabelsFactory;
import dev.attache.filters.authorization.MutationRulesFactory;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Applying;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Enabling;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Failure;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Shown;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationRequest;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.filters.http.ext_authz}. */
public final class ExtAuthzFilterFactory implements ExtensionCompiler<ExtAuthz, HttpFilterSpec> {

    /** In {@code filter_metadata}: our own settings, which Envoy only writes to its logs. */
    private static final String CACHE = "attache.decision_cache";

    @Override
    public ExtAuthz prototype() {
        return ExtAuthz.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(ExtAuthz proto, CompileContext context) {
        AuthorizationService service = service(proto, context);
        if (service == null) {
            return context.result(null);
        }
        return context.result(
                new ExtAuthzSpec(
                        service,
                        proto.getStatPrefix(),
                        body(proto),
                        new Failure(
                                proto.getFailureModeAllow(), proto.getFailureModeAllowHeaderAdd()),
                        enabling(proto, context),
                        shown(proto, context),
                        applying(proto, context),
                        proto.hasStatusOnError() && proto.getStatusOnError().getCodeValue() > 0
                                ? proto.getStatusOnError().getCodeValue()
                                : 403,
                        proto.getEmitFilterStateStats(),
                        emitsSpan(Overlay.of(proto)),
                        cache(proto.getFilterMetadata(), context.at("filter_metadata"))));
    }

    private static boolean emitsSpan(Overlay newer) {
        return !newer.has("emit_client_span") || newer.flag("emit_client_span");
    }

    private static @Nullable AuthorizationService service(ExtAuthz proto, CompileContext context) {
        return switch (proto.getServicesCase()) {
            case GRPC_SERVICE -> {
                if (proto.getTransportApiVersion() == ApiVersion.V2) {
                    context.at("transport_api_version")
                            .error(
                                    AuthorizationServiceFactory.OLD_API,
                                    "set transport_api_version: V3");
                }
                yield AuthorizationServiceFactory.grpc(
                        proto.getGrpcService(), context.at("grpc_service"));
            }
            case HTTP_SERVICE ->
                    AuthorizationServiceFactory.http(
                            proto.getHttpService(), context.at("http_service"));
            case SERVICES_NOT_SET -> {
                context.error("no authorization service is set");
                yield null;
            }
        };
    }

    private static @Nullable BodySettings body(ExtAuthz proto) {
        return proto.hasWithRequestBody()
                ? body(proto.getWithRequestBody(), proto.hasHttpService())
                : null;
    }

    /** Of a service over HTTP the body is never mended. */
    static BodySettings body(BufferSettings settings, boolean http) {
        return new BodySettings(
                Integer.toUnsignedLong(settings.getMaxRequestBytes()),
                settings.getAllowPartialMessage(),
                http || settings.getPackAsBytes());
    }

    private static Enabling enabling(ExtAuthz proto, CompileContext context) {
        Fraction share =
                proto.hasFilterEnabled()
                        ? Fractions.compile(proto.getFilterEnabled(), context.at("filter_enabled"))
                        : Fraction.ALWAYS;
        boolean deny =
                proto.hasDenyAtDisable()
                        && RuntimeFlags.compile(
                                proto.getDenyAtDisable(), context.at("deny_at_disable"));
        MetadataMatch test =
                proto.hasFilterEnabledMetadata()
                        ? ValueMatchers.compile(
                                proto.getFilterEnabledMetadata(),
                                context.at("filter_enabled_metadata"))
                        : null;
        return new Enabling(share::includes, test, deny);
    }

    private static Shown shown(ExtAuthz proto, CompileContext context) {
        return new Shown(
                allowed(proto, context),
                AuthorizationServiceFactory.matchers(
                        proto.getDisallowedHeaders(), "disallowed_headers", context),
                proto.getEncodeRawHeaders(),
                proto.getIncludePeerCertificate(),
                proto.getIncludeTlsSession(),
                DestinationLabelsFactory.of(proto.getBootstrapMetadataLabelsKey(), context),
                new ToldMetadata(
                        List.copyOf(proto.getMetadataContextNamespacesList()),
                        List.copyOf(proto.getTypedMetadataContextNamespacesList())),
                new ToldMetadata(
                        List.copyOf(proto.getRouteMetadataContextNamespacesList()),
                        List.copyOf(proto.getRouteTypedMetadataContextNamespacesList())));
    }

    /** Over HTTP some go in any case, and no others unless they are named; null = all. */
    @SuppressWarnings("deprecation") // where most configurations name them
    private static @Nullable List<StringMatcher> allowed(ExtAuthz proto, CompileContext context) {
        AuthorizationRequest request = proto.getHttpService().getAuthorizationRequest();
        if (proto.hasAllowedHeaders() && request.hasAllowedHeaders()) {
            context.error("Invalid duplicate configuration for allowed_headers.");
        }
        List<StringMatcher> named =
                new ArrayList<>(
                        AuthorizationServiceFactory.matchers(
                                proto.getAllowedHeaders(), "allowed_headers", context));
        if (!proto.hasHttpService()) {
            return proto.hasAllowedHeaders() ? named : null;
        }
        named.addAll(
                AuthorizationServiceFactory.matchers(
                        request.getAllowedHeaders(),
                        "allowed_headers",
                        context.at("http_service").at("authorization_request")));
        for (String always : List.of("authorization", ":method", ":path", ":authority")) {
            named.add(StringMatcher.exact(always));
        }
        return named;
    }

    private static Applying applying(ExtAuthz proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        return new Applying(
                newer.flag("shadow_mode"),
                proto.getValidateMutations(),
                proto.hasDecoderHeaderMutationRules()
                        ? MutationRulesFactory.compile(
                                proto.getDecoderHeaderMutationRules(),
                                context.at("decoder_header_mutation_rules"))
                        : null,
                proto.getClearRouteCache(),
                lowerCase(newer.texts("clear_route_cache_headers")),
                !proto.hasEnableDynamicMetadataIngestion()
                        || proto.getEnableDynamicMetadataIngestion().getValue(),
                Integer.toUnsignedLong(proto.getMaxDeniedResponseBodyBytes()),
                newer.flag("enforce_response_header_limits"),
                !proto.hasChargeClusterResponseStats()
                        || proto.getChargeClusterResponseStats().getValue());
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return Set.copyOf(lower);
    }

    private static @Nullable CacheSettings cache(Struct metadata, CompileContext context) {
        // No log of Envoy shows the rest either.
        Value settings = metadata.getFieldsMap().get(CACHE);
        return settings == null ? null : DecisionCacheWire.read(settings, context.at(CACHE));
    }
}
