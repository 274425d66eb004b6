package dev.attache.config.call;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.proxy.call.grpc.GrpcService;
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
        if (service.hasGoogleGrpc()) {
            return google(service, timeoutMillis, context);
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
                timeout(service, timeoutMillis, context),
                null);
    }

    private static long timeout(
            io.envoyproxy.envoy.config.core.v3.GrpcService service,
            long timeoutMillis,
            CompileContext context) {
        return Durations.millis(
                service.hasTimeout(), service.getTimeout(), timeoutMillis, context.at("timeout"));
    }

    /** Its calls are made once: gRPC's library is not told of a retry policy either. */
    private static @Nullable GrpcService google(
            io.envoyproxy.envoy.config.core.v3.GrpcService service,
            long timeoutMillis,
            CompileContext context) {
        GoogleGrpcCompiler.Compiled google = GoogleGrpcCompiler.compile(service, context);
        return google == null
                ? null
                : new GrpcService(
                        service.getGoogleGrpc().getTargetUri(),
                        google.authority(),
                        metadata(service.getInitialMetadataList(), context),
                        false,
                        google.maxMessageBytes(),
                        null,
                        timeout(service, timeoutMillis, context),
                        google.channel());
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
