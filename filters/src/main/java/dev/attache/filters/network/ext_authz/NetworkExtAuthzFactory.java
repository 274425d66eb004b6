package dev.attache.filters.network.ext_authz;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.AuthorizationServiceFactory;
import dev.attache.filters.authorization.DestinationLabelsFactory;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.network.NetworkFilterSpec;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz;

/** Compiles {@code envoy.filters.network.ext_authz}. */
public final class NetworkExtAuthzFactory
        implements ExtensionCompiler<ExtAuthz, NetworkFilterSpec> {
    @Override
    public ExtAuthz prototype() {
        return ExtAuthz.getDefaultInstance();
    }

    @Override
    public Compiled<NetworkFilterSpec> compile(ExtAuthz proto, CompileContext context) {
        if (proto.getTransportApiVersion() == ApiVersion.V2) {
            context.at("transport_api_version")
                    .error(AuthorizationServiceFactory.OLD_API, "set transport_api_version: V3");
        }
        AuthorizationService service =
                AuthorizationServiceFactory.grpc(
                        proto.getGrpcService(), context.at("grpc_service"));
        if (!(service instanceof AuthorizationService.OverGrpc grpc)) {
            return context.result(null);
        }
        Overlay newer = Overlay.of(proto);
        return context.result(
                new NetworkExtAuthzSpec(
                        proto.getStatPrefix(),
                        grpc,
                        proto.getFailureModeAllow(),
                        proto.getIncludePeerCertificate(),
                        proto.getIncludeTlsSession(),
                        proto.hasFilterEnabledMetadata()
                                ? ValueMatchers.compile(
                                        proto.getFilterEnabledMetadata(),
                                        context.at("filter_enabled_metadata"))
                                : null,
                        new ToldMetadata(
                                newer.texts("metadata_context_namespaces"),
                                newer.texts("typed_metadata_context_namespaces")),
                        DestinationLabelsFactory.of(proto.getBootstrapMetadataLabelsKey(), context),
                        newer.flag("shadow_mode")));
    }
}
