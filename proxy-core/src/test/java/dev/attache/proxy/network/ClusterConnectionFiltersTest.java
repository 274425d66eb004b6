package dev.attache.proxy.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.NoCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the filters of a cluster's connections are opened and closed. */
final class ClusterConnectionFiltersTest {
    private final EmbeddedConnection first = new EmbeddedConnection();
    private final EmbeddedConnection second = new EmbeddedConnection();
    private final StatsStore stats = new StatsStore();
    private final List<String> told = new ArrayList<>();

    @Test
    void theyLastUntilTheLastConnectionOfARetiredClusterIsGone() {
        ClusterConnectionFilters filters = filters(told::add);
        assertThat(told).isEmpty();
        assertThat(admitted(filters, first)).isTrue();
        assertThat(admitted(filters, second)).isTrue();
        filters.retire();
        first.finish();
        assertThat(told).containsExactly("open");
        second.finish();
        assertThat(told).containsExactly("open", "close");
    }

    @Test
    void aConnectionThatWasDialledBeforeAndComesAfterHasThemAnew() {
        ClusterConnectionFilters filters = filters(told::add);
        assertThat(admitted(filters, first)).isTrue();
        filters.retire();
        first.finish();
        assertThat(admitted(filters, second)).isTrue();
        assertThat(told).containsExactly("open", "close", "open");
        second.finish();
        assertThat(told).containsExactly("open", "close", "open", "close");
    }

    @Test
    void whatOpeningThrowsCostsTheConnection() {
        ClusterConnectionFilters filters =
                filters(what -> {
                    throw new IllegalStateException("broken");
                });
        assertThat(admitted(filters, first)).isFalse();
        assertThat(first.isClosing()).isTrue();
        assertThat(first.connection().info().terminationDetails()).isEqualTo("filter_exception{f}");
        assertThat(stats.counter("cluster.up.upstream_cx_filter_exception").value()).isOne();
        filters.retire();
        first.finish();
        second.finish();
    }

    private static boolean admitted(ClusterConnectionFilters filters, EmbeddedConnection wire) {
        wire.connection().handler(FilterPump.refusing());
        IpAddress address = IpAddress.parse("192.0.2.3", 80);
        return filters.admit(
                wire.connection(),
                new Host(EndpointSpec.of(address), address, Locality.NONE, 0, 0),
                ClusterSpec.named("up").build());
    }

    private interface Told {
        void of(String what);
    }

    private ClusterConnectionFilters filters(Told listener) {
        UpstreamNetworkFilterSpec spec =
                scope -> {
                    listener.of("open");
                    return new UpstreamNetworkFilterSpec.Factory() {
                        @Override
                        public NetworkFilter.Inspecting newFilter(Connection connection) {
                            return new NetworkFilter.Inspecting() {};
                        }

                        @Override
                        public void close() {
                            listener.of("close");
                        }
                    };
                };
        return new ClusterConnectionFilters(
                new UpstreamNetworkFilters(List.of(new UpstreamNetworkFilters.Entry("f", spec))),
                new UpstreamNetworkFilterScope(
                        first, stats.scope("cluster.up."), name -> null, NoCalls.NO_CALLS));
    }
}
