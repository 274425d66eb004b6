package dev.attache.filters.tracers.skywalking;

import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.tracing.SharedTracers;
import dev.attache.filters.tracing.TracerSettings;
import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.trace.v3.SkyWalkingConfig;

/** {@code envoy.tracers.skywalking}. */
public final class SkyWalkingFactory implements ExtensionCompiler<SkyWalkingConfig, SharedTracers> {

    private static final int DEFAULT_CACHE = 1024;

    /** Where the collector looks for the token. */
    private static final String TOKEN = "authentication";

    @Override
    public SkyWalkingConfig prototype() {
        return SkyWalkingConfig.getDefaultInstance();
    }

    @Override
    public Compiled<SharedTracers> compile(SkyWalkingConfig proto, CompileContext context) {
        var client = proto.getClientConfig();
        var configured = proto.getGrpcService();
        if (!client.getBackendToken().isEmpty()) {
            configured =
                    configured.toBuilder()
                            .addInitialMetadata(
                                    HeaderValue.newBuilder()
                                            .setKey(TOKEN)
                                            .setValue(client.getBackendToken().replace("%", "%%")))
                            .build();
        }
        GrpcService grpc = GrpcServices.compile(configured, 0, context.at("grpc_service"));
        if (grpc == null) {
            return context.result(null);
        }
        SkyWalkingSpec spec =
                new SkyWalkingSpec(
                        grpc,
                        Octets.of(client.getServiceName()),
                        Octets.of(client.getInstanceName()),
                        client.hasMaxCacheSize()
                                ? TracerSettings.count(client.getMaxCacheSize().getValue())
                                : DEFAULT_CACHE);
        return context.result(
                new SharedTracers(
                        context.settings()
                                .shared()
                                .slot(WorkerTracers.class, spec, () -> tracers(spec))));
    }

    private static WorkerTracers tracers(SkyWalkingSpec spec) {
        return new WorkerTracers(context -> new SkyWalkingTracer(spec, context));
    }
}
