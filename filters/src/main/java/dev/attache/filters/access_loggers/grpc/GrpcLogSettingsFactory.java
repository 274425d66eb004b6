package dev.attache.filters.access_loggers.grpc;

import com.google.protobuf.ByteString;
import dev.attache.config.call.CallRetries;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.call.grpc.GrpcService;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import org.jspecify.annotations.Nullable;

/** What both kinds of logs have in common, compiled. */
final class GrpcLogSettingsFactory {

    private static final long FLUSH_MILLIS = 1000;
    private static final long BUFFER_BYTES = 16_384;

    /** Of {@code StreamAccessLogsMessage.Identifier}. */
    private static final int NODE = 1;

    private static final int LOG_NAME = 2;

    private GrpcLogSettingsFactory() {}

    /** Which of the loggers are meant: Envoy has one for each kind of entries. */
    private record Key(int field, ByteString config) {}

    /**
     * The loggers of a configuration, or null with the error reported.
     *
     * @param field of {@code StreamAccessLogsMessage}, for entries of this kind
     */
    static @Nullable SharedSlot<GrpcLoggers> loggers(
            CommonGrpcAccessLogConfig config, int field, CompileContext context) {
        if (config.getTransportApiVersion() != ApiVersion.V3) {
            context.at("transport_api_version")
                    .error(
                            "V2 (and AUTO) xDS transport protocol versions are deprecated in"
                                    + " envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig");
            return null;
        }
        GrpcService service =
                GrpcServices.compile(config.getGrpcService(), 0, context.at("grpc_service"));
        if (service == null) {
            return null;
        }
        long flush =
                Durations.millis(
                        config.hasBufferFlushInterval(),
                        config.getBufferFlushInterval(),
                        FLUSH_MILLIS,
                        context.at("buffer_flush_interval"));
        GrpcLogSettings settings =
                new GrpcLogSettings(
                        service,
                        config.hasGrpcStreamRetryPolicy()
                                ? CallRetries.compile(
                                        config.getGrpcStreamRetryPolicy(),
                                        "connect-failure",
                                        context.at("grpc_stream_retry_policy"))
                                : null,
                        flush,
                        config.hasBufferSizeBytes()
                                ? Integer.toUnsignedLong(config.getBufferSizeBytes().getValue())
                                : BUFFER_BYTES,
                        identifier(config.getLogName(), context));
        return context.settings()
                .shared()
                .slot(
                        GrpcLoggers.class,
                        new Key(field, config.toByteString()),
                        () -> new GrpcLoggers(settings, field));
    }

    private static byte[] identifier(String logName, CompileContext context) {
        MessageWriter identifier = new MessageWriter(1024);
        identifier.content(NODE, context.settings().node().get().toByteArray());
        identifier.text(LOG_NAME, logName);
        return identifier.toByteArray();
    }
}
