package dev.attache.filters.stat_sinks.metrics_service;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.sink.StatsSinkSpec;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.metrics.v3.HistogramEmitMode;
import io.envoyproxy.envoy.config.metrics.v3.MetricsServiceConfig;
import java.util.function.Supplier;

/** Statistics for a metrics service. */
public final class MetricsServiceSinkFactory
        implements ExtensionCompiler<MetricsServiceConfig, StatsSinkSpec> {

    /** Of {@code StreamMetricsMessage.Identifier}. */
    private static final int NODE = 1;

    @Override
    public MetricsServiceConfig prototype() {
        return MetricsServiceConfig.getDefaultInstance();
    }

    @Override
    public Compiled<StatsSinkSpec> compile(MetricsServiceConfig proto, CompileContext context) {
        if (proto.getTransportApiVersion() != ApiVersion.V3) {
            context.at("transport_api_version")
                    .error(
                            "V2 (and AUTO) xDS transport protocol versions are deprecated in"
                                    + " envoy.config.metrics.v3.MetricsServiceConfig");
            return context.result(null);
        }
        GrpcService service =
                GrpcServices.compile(proto.getGrpcService(), 0, context.at("grpc_service"));
        if (service == null) {
            return context.result(null);
        }
        HistogramEmitMode mode = proto.getHistogramEmitMode();
        MetricFamilies families =
                new MetricFamilies(
                        proto.getReportCountersAsDeltas().getValue(),
                        proto.getEmitTagsAsLabels(),
                        mode != HistogramEmitMode.HISTOGRAM,
                        mode != HistogramEmitMode.SUMMARY);
        long batch = Overlay.of(proto).number("batch_size");
        Supplier<Node> node = context.settings().node();
        return context.result(scope ->
                new MetricsServiceSink(
                        scope, service, families, (int) batch, identifier(node.get())));
    }

    private static byte[] identifier(Node node) {
        MessageWriter identifier = new MessageWriter(1024);
        identifier.content(NODE, node.toByteArray());
        return identifier.toByteArray();
    }
}
