package dev.attache.filters.stat_sinks.open_telemetry;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.call.HttpServices;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.opentelemetry.ResourceFactory;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.sink.StatsSinkSpec;
import io.envoyproxy.envoy.extensions.stat_sinks.open_telemetry.v3.SinkConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Statistics as metrics of OpenTelemetry. */
public final class OpenTelemetrySinkFactory
        implements ExtensionCompiler<SinkConfig, StatsSinkSpec> {

    /** Of {@code Resource}. */
    private static final int ATTRIBUTES = 1;

    @Override
    public SinkConfig prototype() {
        return SinkConfig.getDefaultInstance();
    }

    @Override
    public Compiled<StatsSinkSpec> compile(SinkConfig proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        var overHttp =
                newer.message(
                        "http_service",
                        io.envoyproxy.envoy.config.core.v3.HttpService.getDefaultInstance());
        HttpService http =
                overHttp == null
                        ? null
                        : HttpServices.compile(overHttp, context.at("http_service"));
        GrpcService grpc =
                overHttp != null
                        ? null
                        : GrpcServices.compile(
                                proto.getGrpcService(), 0, context.at("grpc_service"));
        if (http == null && grpc == null) {
            return context.result(null);
        }
        OtlpMetrics metrics =
                new OtlpMetrics(
                        proto.getReportCountersAsDeltas(),
                        proto.getReportHistogramsAsDeltas(),
                        !proto.hasEmitTagsAsAttributes()
                                || proto.getEmitTagsAsAttributes().getValue(),
                        !proto.hasUseTagExtractedName()
                                || proto.getUseTagExtractedName().getValue(),
                        proto.getPrefix().isEmpty() ? "" : proto.getPrefix() + ".",
                        resource(proto, context),
                        newer.number("max_data_points_per_request"));
        return context.result(scope -> new OpenTelemetrySink(scope, metrics, grpc, http));
    }

    /** What Envoy says of itself, and what detectors find. */
    private static byte[] resource(SinkConfig proto, CompileContext context) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("telemetry.sdk.name", "envoy");
        attributes.put("telemetry.sdk.language", "cpp");
        attributes.put("telemetry.sdk.version", "1.40.0");
        ResourceFactory.detect(proto.getResourceDetectorsList(), attributes, context);
        MessageWriter resource = new MessageWriter(256);
        attributes.forEach((name, value) -> attribute(resource, name, value));
        return resource.toByteArray();
    }

    private static void attribute(MessageWriter out, String key, String value) {
        int begun = out.begin(ATTRIBUTES);
        out.octets(1, key);
        int any = out.begin(2);
        out.octetsAlways(1, value);
        out.end(any);
        out.end(begun);
    }
}
