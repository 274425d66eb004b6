package dev.attache.filters.http.ext_proc;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.call.grpc.GrpcService;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcOverrides;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of a route. */
public final class ExtProcPerRouteFactory implements ExtensionCompiler<ExtProcPerRoute, Object> {
    @Override
    public ExtProcPerRoute prototype() {
        return ExtProcPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(ExtProcPerRoute proto, CompileContext context) {
        if (!proto.hasOverrides()) {
            return context.result(ExtProcOverride.DISABLED);
        }
        ExtProcOverrides overrides = proto.getOverrides();
        CompileContext at = context.at("overrides");
        MetadataOptions options = overrides.getMetadataOptions();
        return context.result(
                new ExtProcOverride(
                        false,
                        overrides.hasProcessingMode()
                                ? ProcessingModeWire.read(overrides.getProcessingMode())
                                : null,
                        service(overrides, at),
                        GrpcServices.additions(
                                overrides.getGrpcInitialMetadataList(),
                                "grpc_initial_metadata",
                                at),
                        forwarded(options),
                        ofCluster(options),
                        received(options),
                        overrides.hasFailureModeAllow()
                                ? overrides.getFailureModeAllow().getValue()
                                : null,
                        overrides.hasProcessingRequestModifier()
                                ? ToldAttributesFactory.mapped(
                                        overrides.getProcessingRequestModifier(),
                                        at.at("processing_request_modifier"))
                                : null,
                        emitsSpan(overrides)));
    }

    private static @Nullable GrpcService service(ExtProcOverrides overrides, CompileContext at) {
        return overrides.hasGrpcService()
                ? GrpcServices.compile(overrides.getGrpcService(), 0, at.at("grpc_service"))
                : null;
    }

    private static @Nullable ToldMetadata forwarded(MetadataOptions options) {
        return options.hasForwardingNamespaces() ? ExtProcFilterFactory.forwarded(options) : null;
    }

    private static @Nullable ToldMetadata ofCluster(MetadataOptions options) {
        return ExtProcFilterFactory.clusterNamespaces(options) == null
                ? null
                : ExtProcFilterFactory.ofCluster(options);
    }

    private static @Nullable Set<String> received(MetadataOptions options) {
        return options.hasReceivingNamespaces() ? ExtProcFilterFactory.received(options) : null;
    }

    private static @Nullable Boolean emitsSpan(ExtProcOverrides overrides) {
        Overlay newer = Overlay.of(overrides);
        return newer.has("emit_client_span") ? newer.flag("emit_client_span") : null;
    }
}
