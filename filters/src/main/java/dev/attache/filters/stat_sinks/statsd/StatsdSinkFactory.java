package dev.attache.filters.stat_sinks.statsd;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stat_sinks.StatsdAddressFactory;
import dev.attache.filters.stat_sinks.StatsdLines;
import dev.attache.filters.stat_sinks.UdpStatsdSink;
import dev.attache.proxy.sink.StatsSinkSpec;
import io.envoyproxy.envoy.config.metrics.v3.StatsdSink;
import java.net.InetSocketAddress;

/** Statistics as lines of statsd. */
public final class StatsdSinkFactory implements ExtensionCompiler<StatsdSink, StatsSinkSpec> {

    @Override
    public StatsdSink prototype() {
        return StatsdSink.getDefaultInstance();
    }

    @Override
    public Compiled<StatsSinkSpec> compile(StatsdSink proto, CompileContext context) {
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
                                StatsdLines.Tags.NONE,
                                millis,
                                scope.stats(),
                                scope.tags()),
                        to,
                        0));
    }
}
