package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What tests of clusters share: a real loop with a set of clusters, servers that say which they
 * are, requests, and that nothing stays.
 */
@Timeout(60)
abstract class ClusterCases {
    final RealWorker worker = new RealWorker();
    final StatsStore stats = new StatsStore();
    final ClusterSet clusters = new ClusterSet(worker, RedirectGuard.OFF, NoFilters.HERE);
    final List<Http1Server> servers = new ArrayList<>();
    final ClusterEnvironment environment =
            new ClusterEnvironment(
                    worker.eventLoop(),
                    1,
                    stats,
                    (name, family, resolvers, callback) ->
                            callback.onFailed(new IOException("no names here")),
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (cluster, hosts) -> clusters.hosts(cluster, hosts));

    @AfterEach
    void nothingStays() throws Exception {
        worker.call(() -> {
            clusters.drain();
            return null;
        });
        worker.await("connections", () -> clusters.connections() == 0);
        worker.await("timers", () -> worker.timers().pending() == 0);
        for (Http1Server server : servers) {
            server.close();
        }
        worker.close();
    }

    /** Answers every request with its own port; closes after {@code x-close}. */
    static final class Http1Server implements AutoCloseable {
        final ServerSocket socket;
        final AtomicInteger accepted = new AtomicInteger();
        final List<Socket> open = new CopyOnWriteArrayList<>();

        /** Connections that the client or the test cut off. */
        final List<IOException> troubles = new CopyOnWriteArrayList<>();

        volatile @Nullable CompletableFuture<Void> gate;

        Http1Server() throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        void accept() {
            try {
                while (true) {
                    Socket peer = socket.accept();
                    accepted.incrementAndGet();
                    open.add(peer);
                    Thread.ofVirtual().start(() -> serve(peer));
                }
            } catch (IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        void serve(Socket peer) {
            try (peer) {
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        peer.getInputStream(), StandardCharsets.ISO_8859_1));
                String line;
                boolean close = false;
                while ((line = in.readLine()) != null) {
                    close |= line.startsWith("x-close");
                    if (!line.isEmpty()) {
                        continue;
                    }
                    CompletableFuture<Void> waiting = gate;
                    if (waiting != null) {
                        waiting.join();
                    }
                    String body = Integer.toString(port());
                    String head =
                            "HTTP/1.1 200 OK\r\ncontent-length: "
                                    + body.length()
                                    + "\r\n"
                                    + (close ? "connection: close\r\n" : "")
                                    + "\r\n";
                    peer.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                    if (close) {
                        return;
                    }
                }
            } catch (IOException clientIsGone) {
                troubles.add(clientIsGone);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket peer : open) {
                peer.close();
            }
        }
    }

    Http1Server server() throws IOException {
        Http1Server server = new Http1Server();
        servers.add(server);
        return server;
    }

    static LoadAssignment assignment(int... ports) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add(EndpointSpec.of(IpAddress.parse("127.0.0.1", port)));
        }
        return LoadAssignment.of(
                "c",
                List.of(new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY)));
    }

    SharedCluster add(ClusterSpec spec) throws Exception {
        return worker.call(() -> {
            SharedCluster shared = SharedCluster.open(spec, environment, null);
            clusters.put(shared);
            return shared;
        });
    }

    /** What became of one request. */
    static final class Exchange implements HttpSink, StreamWaiter {
        final CompletableFuture<String> result = new CompletableFuture<>();
        final StringBuilder body = new StringBuilder();
        final @Nullable String extraHeader;
        @Nullable Connection upstream;

        Exchange(@Nullable String extraHeader) {
            this.extraHeader = extraHeader;
        }

        @Override
        public void onStream(HttpStream request, Connection connection, Host host) {
            upstream = connection;
            Headers head = new Headers();
            head.add(HeaderName.METHOD, "GET");
            head.add(HeaderName.PATH, "/");
            head.add(HeaderName.SCHEME, "http");
            head.add(HeaderName.AUTHORITY, "c");
            if (extraHeader != null) {
                head.add(HeaderName.of(extraHeader), "1");
            }
            request.headers(head, true);
        }

        @Override
        public void onFailure(PoolFailure why, @Nullable String reason, Host host) {
            result.complete(why.name());
        }

        @Override
        public void informational(Headers headers) {}

        @Override
        public void headers(Headers headers, boolean end) {
            if (end) {
                result.complete("");
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            body.append(chunk.toString(StandardCharsets.US_ASCII));
            chunk.release();
            if (end) {
                result.complete(body.toString());
            }
        }

        @Override
        public void trailers(Headers trailers) {
            result.complete(body.toString());
        }

        @Override
        public void reset(ResetReason why) {
            result.complete(why.name());
        }
    }

    Exchange start(String cluster, @Nullable String header) throws Exception {
        Exchange exchange = new Exchange(header);
        worker.call(() -> {
            Cluster chosen = clusters.cluster(cluster);
            assertThat(chosen).isNotNull();
            if (chosen.choose(PickContext.NONE) instanceof Host host) {
                chosen.newStream(
                        host,
                        Priority.DEFAULT,
                        Protocol.HTTP11,
                        TransportOptions.NONE,
                        0,
                        exchange,
                        exchange);
            } else {
                exchange.result.complete("NONE");
            }
            return null;
        });
        return exchange;
    }

    String get(String cluster) throws Exception {
        return outcome(start(cluster, null));
    }

    /** Waits, and lets the loop finish the turn in which the last byte came. */
    String outcome(Exchange exchange) throws Exception {
        String outcome = exchange.result.get(10, TimeUnit.SECONDS);
        worker.call(() -> null);
        return outcome;
    }

    long counter(String name) {
        return stats.counter("cluster.c." + name).value();
    }

    long gauge(String name) {
        return stats.gauge("cluster.c." + name).value();
    }
}
