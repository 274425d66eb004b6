package dev.attache.filters.istio.stats;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;

/** The network filter. Immutable. */
record NetworkIstioStatsSpec(IstioStatsSettings settings) implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        Reporter configured = settings.reporter();
        Reporter reporter = configured != null ? configured : Reporter.of(context.direction());
        IstioStatsSettings own =
                new IstioStatsSettings(
                        reporter,
                        settings.hostFallback(),
                        settings.reportMillis(),
                        settings.plan(),
                        settings.node());
        OpenMetrics metrics = new OpenMetrics(own, context.stats(), context.worker().index());
        return new NetworkFilterFactory() {
            @Override
            public NetworkFilter newFilter(Connection connection) {
                return new NetworkIstioStatsFilter(metrics, reporter, connection);
            }

            @Override
            public void close() {
                metrics.close();
            }
        };
    }
}
