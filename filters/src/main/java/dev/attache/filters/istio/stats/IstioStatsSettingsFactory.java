package dev.attache.filters.istio.stats;

import com.google.protobuf.Duration;
import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpression;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code stats.PluginConfig}, of either filter. */
final class IstioStatsSettingsFactory {
    private static final long DEFAULT_REPORT_MILLIS = 5_000;

    /** What Istio's filter, unlike Envoy's, lets expressions use. */
    private static final FunctionOptions FUNCTIONS = new FunctionOptions(true, true, false);

    private IstioStatsSettingsFactory() {}

    static IstioStatsSettings compile(Overlay proto, CompileContext context) {
        Duration every = proto.message("tcp_reporting_duration", Duration.getDefaultInstance());
        return new IstioStatsSettings(
                proto.choice("reporter").equals("SERVER_GATEWAY") ? Reporter.WAYPOINT : null,
                !proto.flag("disable_host_header_fallback"),
                every == null
                        ? DEFAULT_REPORT_MILLIS
                        : Durations.millis(every, context.at("tcp_reporting_duration")),
                plan(proto, context),
                NodeLabels.of(
                        MetadataValues.compile(context.settings().node().get().getMetadata())));
    }

    private static MetricPlan plan(Overlay proto, CompileContext context) {
        NodeMessage node = CelExpressionFactory.node(context);
        List<Overlay> definitions = proto.overlays("definitions");
        List<Overlay> metrics = proto.overlays("metrics");
        MetricPlanBuilder builder =
                new MetricPlanBuilder(text -> expression(text, node, context.at("metrics")));
        for (Overlay definition : definitions) {
            builder.define(
                    definition.text("name"),
                    type(definition.choice("type")),
                    definition.text("value"));
        }
        for (Overlay metric : metrics) {
            Map<String, String> dimensions = new HashMap<>();
            metric.entries("dimensions")
                    .forEach((label, entry) -> dimensions.put(label, entry.text("value")));
            builder.change(
                    new MetricPlanBuilder.Change(
                            metric.text("name"),
                            dimensions,
                            metric.texts("tags_to_remove"),
                            metric.flag("drop")));
        }
        return builder.build();
    }

    private static MetricPlan.Type type(String name) {
        return name.isEmpty() ? MetricPlan.Type.COUNTER : MetricPlan.Type.valueOf(name);
    }

    /** Null where it does not parse, which Istio takes; what cannot be evaluated it refuses. */
    private static @Nullable CelExpression expression(
            String text, NodeMessage node, CompileContext context) {
        if (!CelExpressionFactory.parses(text)) {
            return null;
        }
        try {
            return CelExpressionFactory.parse(text, FUNCTIONS, node);
        } catch (CelException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
