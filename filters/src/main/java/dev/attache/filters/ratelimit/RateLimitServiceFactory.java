package dev.attache.filters.ratelimit;

import com.google.protobuf.Duration;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.call.grpc.GrpcService;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.ratelimit.v3.RateLimitServiceConfig;
import org.jspecify.annotations.Nullable;

/** Compiles the service that is asked, which stands at {@code rate_limit_service}. */
public final class RateLimitServiceFactory {

    /** Where {@code timeout} is not set. */
    private static final long TIMEOUT_MILLIS = 20;

    private RateLimitServiceFactory() {}

    /**
     * The service, or null with the error reported.
     *
     * @param timeout of the filter, which is the one that counts; null = not set
     */
    @SuppressWarnings("deprecation") // the old version, to refuse it
    public static @Nullable GrpcService compile(
            RateLimitServiceConfig config, @Nullable Duration timeout, CompileContext context) {
        CompileContext at = context.at("rate_limit_service");
        if (config.getTransportApiVersion() == ApiVersion.V2) {
            at.at("transport_api_version")
                    .error(
                            "only version 3 of the transport API is supported",
                            "set transport_api_version: V3");
        }
        GrpcService service =
                GrpcServices.compile(config.getGrpcService(), 0, at.at("grpc_service"));
        long millis =
                timeout == null ? TIMEOUT_MILLIS : Durations.millis(timeout, context.at("timeout"));
        return service == null ? null : service.within(millis);
    }
}
