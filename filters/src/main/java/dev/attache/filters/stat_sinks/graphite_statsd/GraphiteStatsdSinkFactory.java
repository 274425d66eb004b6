package dev.attache.filters.stat_sinks.graphite_statsd;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stat_sinks.StatsdAddressFactory;
import dev.attache.filters.stat_sinks.StatsdLines;
import dev.attache.filters.stat_sinks.UdpStatsdSink;
import dev.attache.proxy.sink.StatsSinkSpec;
import io.envoyproxy.envoy.extensions.stat_sinks.graphite_statsd.v3.GraphiteStatsdSink;
import java.net.InetSocketAddress;

/** Statistics as lines of statsd with the tags of Graphite. */
public final class GraphiteStatsdSinkFactory
        implements ExtensionCompiler<GraphiteStatsdSink, StatsSinkSpec> {

    @Override
    public GraphiteStatsdSink prototype() {
        return GraphiteStatsdSink.getDefaultInstance();
    }

    @Override
    public Compiled<StatsSinkSpec> compile(GraphiteStatsdSink proto, CompileContext context) {
        boolean millis = Overlay.of(proto).flag("scale_histogram_units_to_milliseconds");
        InetSocketAddress to =
                StatsdAddressFactory.compile(proto.getAddress(), context.at("address"));
        if (to == null) {
            return context.result(null);
        }
        return context.result(scope ->
                new UdpStatsdSink(
                        new StatsdLines(
                                proto.getPrefix(),
                                StatsdLines.Tags.GRAPHITE,
                                millis,
                                scope.stats(),
                                scope.tags()),
                        to,
                        proto.getMaxBytesPerDatagram().getValue()));
    }
}
