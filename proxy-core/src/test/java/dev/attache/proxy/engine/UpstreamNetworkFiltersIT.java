package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;
import dev.attache.proxy.network.UpstreamNetworkFilters;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Network filters on the connections of a cluster's pool, over real sockets. */
final class UpstreamNetworkFiltersIT {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntext";

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private @Nullable RawUpstream upstream;

    @AfterEach
    void close() throws Exception {
        fixture.closeEngine();
        fixture.close();
        if (upstream != null) {
            upstream.close();
        }
    }

    @Test
    void theySeeAndChangeWhatGoesToTheServerAndWhatComesBack() throws Exception {
        int port = serve(connection -> new Shouting());
        assertThat(get(port)).startsWith("HTTP/1.1 200").endsWith("TEXT");
        assertThat(get(port)).endsWith("TEXT");
        assertThat(upstream().heads.getFirst()).contains("X-SPELLED: YES");
        tells("opened", "new");
        fixture.closeEngine();
        tells("opened", "new", "LOCAL_CLOSE", "closed");
    }

    @Test
    void aFilterThatClosesFailsTheConnection() throws Exception {
        int port =
                serve(connection ->
                        new NetworkFilter.Inspecting() {
                            @Override
                            public NetworkFilter.Status onNewConnection() {
                                connection.close(CloseType.NO_FLUSH, "no");
                                return NetworkFilter.Status.STOP;
                            }
                        });
        assertThat(get(port)).startsWith("HTTP/1.1 503");
        assertThat(upstream().heads).isEmpty();
        assertThat(fixture.stats.counter("cluster.up.upstream_cx_connect_fail").value())
                .isEqualTo(1);
    }

    @Test
    void whatAFilterThrowsCostsTheConnection() throws Exception {
        int port =
                serve(connection ->
                        new NetworkFilter.Inspecting() {
                            @Override
                            public NetworkFilter.Status onData(ByteBuf data, boolean end) {
                                throw new IllegalStateException("broken");
                            }
                        });
        assertThat(get(port)).startsWith("HTTP/1.1 503");
        assertThat(fixture.stats.counter("cluster.up.upstream_cx_filter_exception").value())
                .isEqualTo(1);
    }

    @Test
    void aFilterThatCannotBeOpenedFailsTheConnectionAndIsTriedAgain() throws Exception {
        int port =
                serveWith(scope -> {
                    told.add("opened");
                    throw new IllegalStateException("broken");
                });
        assertThat(get(port)).startsWith("HTTP/1.1 503");
        assertThat(get(port)).startsWith("HTTP/1.1 503");
        tells("opened", "opened");
        assertThat(upstream().heads).isEmpty();
        assertThat(fixture.stats.counter("cluster.up.upstream_cx_filter_exception").value())
                .isEqualTo(2);
        assertThat(fixture.stats.gauge("cluster.up.upstream_cx_active").value()).isZero();
    }

    private RawUpstream upstream() {
        if (upstream == null) {
            throw new AssertionError("none yet");
        }
        return upstream;
    }

    private void tells(String... all) throws Exception {
        Awaiting.until(() -> told.equals(List.of(all)), String.join(", ", all) + " of " + told);
    }

    private interface Making {
        NetworkFilter.Inspecting filter(Connection connection);
    }

    private int serve(Making making) throws Exception {
        return serveWith(scope -> {
            told.add("opened");
            return new UpstreamNetworkFilterSpec.Factory() {
                @Override
                public NetworkFilter.Inspecting newFilter(Connection connection) {
                    return making.filter(connection);
                }

                @Override
                public void close() {
                    told.add("closed");
                }
            };
        });
    }

    private int serveWith(UpstreamNetworkFilterSpec spec) throws Exception {
        upstream = new RawUpstream(OK);
        fixture.cluster(
                ClusterSpec.named("up")
                        .filters(
                                new UpstreamNetworkFilters(
                                        List.of(new UpstreamNetworkFilters.Entry("f", spec)))),
                upstream.port());
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null)))));
    }

    /** Makes capitals of everything behind the first line. */
    private final class Shouting implements NetworkFilter.Inspecting {
        private @Nullable Control control;

        @Override
        public void attach(Control given) {
            control = given;
        }

        @Override
        public boolean seesWrites() {
            return true;
        }

        @Override
        public NetworkFilter.Status onNewConnection() {
            told.add("new");
            return NetworkFilter.Status.CONTINUE;
        }

        @Override
        public NetworkFilter.Status onData(ByteBuf data, boolean end) {
            control().injectRead(loud(data), end);
            data.skipBytes(data.readableBytes());
            return NetworkFilter.Status.STOP;
        }

        @Override
        public NetworkFilter.Status onWrite(ByteBuf data, boolean end) {
            control().injectWrite(loud(data), end);
            return NetworkFilter.Status.STOP;
        }

        private static ByteBuf loud(ByteBuf data) {
            String text = data.toString(StandardCharsets.ISO_8859_1);
            int line = text.indexOf('\n') + 1;
            String changed =
                    text.substring(0, line) + text.substring(line).toUpperCase(Locale.ROOT);
            return Unpooled.copiedBuffer(changed, StandardCharsets.ISO_8859_1);
        }

        private Control control() {
            Control given = control;
            if (given == null) {
                throw new AssertionError("not attached");
            }
            return given;
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            told.add(event.toString());
        }
    }

    private static String get(int port) throws Exception {
        return RawClient.exchange(
                port, "GET / HTTP/1.1\r\nhost: a\r\nx-spelled: yes\r\nconnection: close\r\n\r\n");
    }
}
