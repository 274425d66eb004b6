package dev.attache.config.call;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.call.GrpcService;
import dev.attache.proxy.route.HeaderMutations;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.GrpcService}. */
public final class GrpcServices {
    private GrpcServices() {}

    /**
     * The service, or null with the error reported. Calls follow its retry policy; that of {@code
     * envoy_grpc} is for the streams of control planes, as in Envoy.
     *
     * @param timeoutMillis where the message does not say; 0 = none
     */
    public static @Nullable GrpcService compile(
            io.envoyproxy.envoy.config.core.v3.GrpcService service,
            long timeoutMillis,
            CompileContext context) {
        if (!service.hasEnvoyGrpc()) {
            context.at("google_grpc")
                    .error(
                            "gRPC's own client library is not part of this proxy",
                            "make a cluster of the target and name it in envoy_grpc");
            return null;
        }
        EnvoyGrpc grpc = service.getEnvoyGrpc();
        String cluster = grpc.getClusterName();
        return new GrpcService(
                cluster,
                grpc.getAuthority().isEmpty() ? cluster : grpc.getAuthority(),
                metadata(service.getInitialMetadataList(), context),
                !grpc.getSkipEnvoyHeaders(),
                grpc.hasMaxReceiveMessageLength()
                        ? Integer.toUnsignedLong(grpc.getMaxReceiveMessageLength().getValue())
                        : GrpcService.NO_LIMIT,
                CallRetries.compile(service.hasRetryPolicy(), service.getRetryPolicy(), context),
                Durations.millis(
                        service.hasTimeout(),
                        service.getTimeout(),
                        timeoutMillis,
                        context.at("timeout")));
    }

    private static HeaderMutations metadata(List<HeaderValue> values, CompileContext context) {
        return additions(values, "initial_metadata", context);
    }

    /** Headers that replace others of their names; values may be formats. */
    public static HeaderMutations additions(
            List<HeaderValue> values, String field, CompileContext context) {
        List<HeaderValueOption> options = new ArrayList<>(values.size());
        for (HeaderValue value : values) {
            options.add(
                    HeaderValueOption.newBuilder()
                            .setHeader(value)
                            .setAppendAction(
                                    HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                            .build());
        }
        return HeaderMutationCompiler.compile(options, field, List.of(), "", context);
    }
}
