package dev.attache.proxy.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.NoCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.listener.filter.DiscoveredListenerFilterSpec;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections have of a filter that is discovered, and for how long it stays open. */
final class DiscoveredConnectionFiltersTest {
    private final EmbeddedConnection first = new EmbeddedConnection();
    private final EmbeddedConnection second = new EmbeddedConnection();
    private final StatsStore stats = new StatsStore();
    private final DiscoveredFilter filter = new DiscoveredFilter("f");
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void finish() {
        first.finish();
        second.finish();
    }

    @Test
    void aConnectionKeepsWhatItWasAcceptedWith() {
        NetworkFilterFactory factory =
                new DiscoveredNetworkFilterSpec(discovered(NetworkFilterSpec.class), false)
                        .open(chain());
        assertThat(factory.newFilter(first.connection())).isNull();
        become(new Network("one"));
        assertThat(factory.newFilter(first.connection())).isNotNull();
        become(new Network("two"));
        assertThat(factory.newFilter(second.connection())).isNotNull();
        assertThat(told).containsExactly("open one", "open two");
        assertThat(counted()).containsExactlyInAnyOrder("tcp.one.cx", "tcp.two.cx");
        first.finish();
        assertThat(told).containsExactly("open one", "open two", "close one");
        assertThat(counted()).containsExactly("tcp.two.cx");
        filter.become(null);
        assertThat(factory.newFilter(second.connection())).isNull();
        factory.close();
        assertThat(told).last().isEqualTo("given back");
        second.finish();
        assertThat(told).last().isEqualTo("close two");
        assertThat(counted()).isEmpty();
    }

    @Test
    void itClosesWhenItsLastConnectionHasHeardOfItsEnd() {
        NetworkFilterFactory factory =
                new DiscoveredNetworkFilterSpec(discovered(NetworkFilterSpec.class), false)
                        .open(chain());
        become(new Network("one"));
        assertThat(factory.newFilter(first.connection())).isNotNull();
        first.connection().handler(heard());
        filter.become(null);
        assertThat(factory.newFilter(second.connection())).isNull();
        first.disconnect();
        assertThat(told).containsExactly("open one", "heard the end", "close one");
        factory.close();
    }

    @Test
    void oneOfAClusterDoesSoToo() {
        UpstreamNetworkFilterSpec.Factory factory =
                new DiscoveredUpstreamFilterSpec(discovered(UpstreamNetworkFilterSpec.class))
                        .open(
                                new UpstreamNetworkFilterScope(
                                        first,
                                        stats.scope("cluster.up."),
                                        name -> null,
                                        NoCalls.NO_CALLS));
        become((UpstreamNetworkFilterSpec) scope -> new Upstream());
        assertThat(factory.newFilter(first.connection())).isNotNull();
        first.connection().handler(heard());
        factory.close();
        first.disconnect();
        assertThat(told).containsExactly("given back", "heard the end", "close");
    }

    private ConnectionHandler heard() {
        return new ConnectionHandler() {
            @Override
            public void onData(ByteBuf data, boolean end) {
                data.release();
            }

            @Override
            public void onClosed(ConnectionEvent event) {
                told.add("heard the end");
            }
        };
    }

    @Test
    void whatCannotBeOpenedHoldsNothing() {
        become(new Network("one"));
        NetworkFilterFactory factory =
                new DiscoveredNetworkFilterSpec(discovered(NetworkFilterSpec.class), false)
                        .open(chain());
        become(new Network("broken"));
        assertThat(factory.newFilter(first.connection())).isNotNull();
        assertThat(counted()).containsExactly("tcp.one.cx");
        factory.close();
    }

    @Test
    void aConnectionOfAClusterGoesWithoutOneThatIsNotThere() {
        UpstreamNetworkFilterSpec spec =
                new DiscoveredUpstreamFilterSpec(discovered(UpstreamNetworkFilterSpec.class));
        ClusterConnectionFilters filters =
                new ClusterConnectionFilters(
                        new UpstreamNetworkFilters(
                                List.of(new UpstreamNetworkFilters.Entry("f", spec))),
                        new UpstreamNetworkFilterScope(
                                first, stats.scope("cluster.up."), name -> null, NoCalls.NO_CALLS));
        assertThat(admitted(filters, first)).isTrue();
        become(
                (UpstreamNetworkFilterSpec)
                        scope -> {
                            told.add("open");
                            return connection -> {
                                told.add("filter");
                                return new NetworkFilter.Inspecting() {};
                            };
                        });
        assertThat(told).isEmpty();
        assertThat(admitted(filters, second)).isTrue();
        assertThat(told).containsExactly("open", "filter");
        filters.retire();
    }

    @Test
    void aListenerFilterIsOpenWhileItLooks() {
        ListenerFilterSpec.Factory factory =
                new DiscoveredListenerFilterSpec(discovered(ListenerFilterSpec.class))
                        .open(first, stats);
        assertThat(factory.newFilter()).isNull();
        become(new Listening("one"));
        ListenerFilter looking = factory.newFilter();
        become(new Listening("two"));
        ListenerFilter next = factory.newFilter();
        assertThat(told).containsExactly("open one", "open two");
        if (looking != null && next != null) {
            looking.onDone();
            assertThat(told).last().isEqualTo("close one");
            factory.close();
            assertThat(told).last().isEqualTo("given back");
            next.onDone();
            assertThat(told).last().isEqualTo("close two");
        } else {
            throw new AssertionError("no filter");
        }
    }

    private static boolean admitted(ClusterConnectionFilters filters, EmbeddedConnection wire) {
        wire.connection().handler(FilterPump.refusing());
        IpAddress address = IpAddress.parse("192.0.2.3", 80);
        return filters.admit(
                wire.connection(),
                new Host(EndpointSpec.of(address), address, Locality.NONE, 0, 0),
                ClusterSpec.named("up").build());
    }

    private void become(Object spec) {
        filter.become(new DiscoveredFilter.Found(spec, "type", false));
    }

    private <S> DiscoveredSpec<S> discovered(Class<S> kind) {
        return new DiscoveredSpec<>(
                kind,
                () -> new DiscoveredSpec.Hold(filter, () -> told.add("given back")),
                null,
                found -> true);
    }

    private List<String> counted() {
        return stats.counters().stream()
                .map(counter -> counter.name())
                .filter(name -> name.startsWith("tcp."))
                .toList();
    }

    /** A chain that has nothing but statistics. */
    private NetworkFilterContext chain() {
        return (NetworkFilterContext)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {NetworkFilterContext.class},
                        (self, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("stats");
                            return stats;
                        });
    }

    private final class Upstream implements UpstreamNetworkFilterSpec.Factory {
        @Override
        public NetworkFilter.Inspecting newFilter(Connection connection) {
            return new NetworkFilter.Inspecting() {};
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private final class Network implements NetworkFilterSpec {
        private final String name;

        Network(String name) {
            this.name = name;
        }

        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public NetworkFilterFactory open(NetworkFilterContext context) {
            context.ownScope("tcp." + name + ".").counter("cx");
            if (name.equals("broken")) {
                throw new IllegalStateException("broken");
            }
            told.add("open " + name);
            return new NetworkFilterFactory() {
                @Override
                public @Nullable NetworkFilter newFilter(Connection connection) {
                    return new NetworkFilter.Inspecting() {};
                }

                @Override
                public void close() {
                    told.add("close " + name);
                }
            };
        }
    }

    private final class Listening implements ListenerFilterSpec {
        private final String name;

        Listening(String name) {
            this.name = name;
        }

        @Override
        public Factory open(dev.attache.proxy.worker.WorkerContext worker, StatsStore store) {
            told.add("open " + name);
            return new Factory() {
                @Override
                public ListenerFilter newFilter() {
                    return context -> ListenerFilter.Status.CONTINUE;
                }

                @Override
                public void close() {
                    told.add("close " + name);
                }
            };
        }
    }
}
