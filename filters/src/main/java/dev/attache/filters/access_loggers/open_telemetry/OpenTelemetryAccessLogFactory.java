package dev.attache.filters.access_loggers.open_telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.call.CallRetries;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.call.HttpServices;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.tracing.CustomTagCompiler;
import dev.attache.filters.opentelemetry.ResourceFactory;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries as log records of OpenTelemetry. */
public final class OpenTelemetryAccessLogFactory
        implements ExtensionCompiler<OpenTelemetryAccessLogConfig, AccessLogSpec> {

    private static final long FLUSH_MILLIS = 1000;
    private static final long BUFFER_BYTES = 16_384;

    /** Of {@code Resource}. */
    private static final int ATTRIBUTES = 1;

    @Override
    public OpenTelemetryAccessLogConfig prototype() {
        return OpenTelemetryAccessLogConfig.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(
            OpenTelemetryAccessLogConfig proto, CompileContext context) {
        int before = context.diagnostics().errorCount();
        Overlay newer = Overlay.of(proto);
        OtlpLogSettings settings = settings(proto, newer, context);
        OtlpTemplateFactory templates =
                new OtlpTemplateFactory(
                        SubstitutionFormats.commands(proto.getFormattersList(), context), context);
        OtlpRecord form =
                new OtlpRecord(
                        proto.getBody().getValueCase().getNumber() == 0
                                ? null
                                : templates.compile(proto.getBody()),
                        templates.pairs(proto.getAttributes()),
                        newer.texts("filter_state_objects_to_log"),
                        CustomTagCompiler.compile(
                                newer.messages("custom_tags", CustomTag.getDefaultInstance()),
                                context));
        if (settings == null || context.diagnostics().errorCount() > before) {
            return context.result(null);
        }
        return context.result(
                new OtlpAccessLogSpec(
                        form,
                        context.settings()
                                .shared()
                                .slot(
                                        OtlpLoggers.class,
                                        proto.toByteString(),
                                        () -> new OtlpLoggers(settings))));
    }

    private static @Nullable OtlpLogSettings settings(
            OpenTelemetryAccessLogConfig proto, Overlay newer, CompileContext context) {
        CommonGrpcAccessLogConfig common = proto.getCommonConfig();
        if (proto.hasCommonConfig() && common.getTransportApiVersion() != ApiVersion.V3) {
            context.at("common_config")
                    .at("transport_api_version")
                    .error(
                            "V2 (and AUTO) xDS transport protocol versions are deprecated in"
                                    + " envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig");
            return null;
        }
        GrpcService grpc = null;
        HttpService http = null;
        var overHttp =
                newer.message(
                        "http_service",
                        io.envoyproxy.envoy.config.core.v3.HttpService.getDefaultInstance());
        if (overHttp != null) {
            http = HttpServices.compile(overHttp, context.at("http_service"));
        } else {
            grpc = grpc(proto, newer, context);
        }
        return grpc == null && http == null
                ? null
                : new OtlpLogSettings(
                        grpc,
                        http,
                        common.hasGrpcStreamRetryPolicy()
                                ? CallRetries.compile(
                                        common.getGrpcStreamRetryPolicy(),
                                        "connect-failure",
                                        context.at("common_config").at("grpc_stream_retry_policy"))
                                : null,
                        flush(common, newer, http == null, context),
                        buffer(common, newer, http == null),
                        resource(proto, newer, context),
                        prefix(proto.getStatPrefix()));
    }

    /** With its dot, whether or not that was written. */
    private static String prefix(String configured) {
        return configured.isEmpty() || configured.endsWith(".") ? configured : configured + ".";
    }

    private static @Nullable GrpcService grpc(
            OpenTelemetryAccessLogConfig proto, Overlay newer, CompileContext context) {
        var service =
                newer.message(
                        "grpc_service",
                        io.envoyproxy.envoy.config.core.v3.GrpcService.getDefaultInstance());
        if (service != null) {
            return GrpcServices.compile(service, 0, context.at("grpc_service"));
        }
        CompileContext at = context.at("common_config").at("grpc_service");
        if (!proto.getCommonConfig().hasGrpcService()) {
            at.error("a collector must be named: grpc_service or http_service");
            return null;
        }
        return GrpcServices.compile(proto.getCommonConfig().getGrpcService(), 0, at);
    }

    private static long flush(
            CommonGrpcAccessLogConfig common, Overlay newer, boolean old, CompileContext context) {
        Duration flush = newer.message("buffer_flush_interval", Duration.getDefaultInstance());
        if (flush != null) {
            return Durations.millis(flush, context.at("buffer_flush_interval"));
        }
        return Durations.millis(
                old && common.hasBufferFlushInterval(),
                common.getBufferFlushInterval(),
                FLUSH_MILLIS,
                context.at("common_config").at("buffer_flush_interval"));
    }

    private static long buffer(CommonGrpcAccessLogConfig common, Overlay newer, boolean old) {
        UInt32Value size = newer.message("buffer_size_bytes", UInt32Value.getDefaultInstance());
        if (size != null) {
            return Integer.toUnsignedLong(size.getValue());
        }
        return old && common.hasBufferSizeBytes()
                ? Integer.toUnsignedLong(common.getBufferSizeBytes().getValue())
                : BUFFER_BYTES;
    }

    /**
     * The resource's attributes; one that is said again stands where it stood, with the new value.
     */
    private static byte[] resource(
            OpenTelemetryAccessLogConfig proto, Overlay newer, CompileContext context) {
        Map<String, ByteString> attributes = new LinkedHashMap<>();
        if (!proto.getDisableBuiltinLabels()) {
            String name = newer.text("log_name");
            Node node = context.settings().node().get();
            put(
                    attributes,
                    "log_name",
                    name.isEmpty() ? proto.getCommonConfig().getLogName() : name);
            put(attributes, "zone_name", node.getLocality().getZone());
            put(attributes, "cluster_name", node.getCluster());
            put(attributes, "node_name", node.getId());
        }
        Map<String, String> detected = new LinkedHashMap<>();
        ResourceFactory.detect(
                newer.messages("resource_detectors", TypedExtensionConfig.getDefaultInstance()),
                detected,
                context);
        detected.forEach((key, value) -> put(attributes, Octets.text(key), Octets.text(value)));
        List<KeyValue> configured = proto.getResourceAttributes().getValuesList();
        for (KeyValue pair : configured) {
            attributes.put(pair.getKey(), pair.toByteString());
        }
        MessageWriter resource = new MessageWriter(256);
        for (ByteString attribute : attributes.values()) {
            resource.content(ATTRIBUTES, attribute.toByteArray());
        }
        return resource.toByteArray();
    }

    private static void put(Map<String, ByteString> attributes, String key, String value) {
        MessageWriter pair = new MessageWriter(64);
        pair.text(OtlpTemplate.KEY, key);
        int any = pair.begin(OtlpTemplate.VALUE);
        pair.textAlways(OtlpTemplate.STRING_VALUE, value);
        pair.end(any);
        attributes.put(key, ByteString.copyFrom(pair.toByteArray()));
    }
}
