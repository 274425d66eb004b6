package dev.attache.proxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.ClusterSet;
import dev.attache.proxy.upstream.FilterOpening;
import dev.attache.proxy.upstream.ImpliedCluster;
import dev.attache.proxy.upstream.ImpliedClusters;
import dev.attache.proxy.upstream.OpenUpstreamFilters;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsSpec;
import dev.attache.proxy.upstream.spec.UpstreamFilters;
import dev.attache.proxy.worker.EventLoopWorker;
import dev.attache.proxy.worker.LoopGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to targets whose names are not known yet, or lead nowhere. */
class GrpcChannelsTest {

    private final LoopGroup group =
            LoopGroup.of("test", 1, true, dev.attache.proxy.worker.LostThread.UNNOTICED);
    private final EventLoopWorker worker = new EventLoopWorker(group.next(), 0);
    private final StatsStore stats = new StatsStore();
    private final BlockingQueue<NameResolver.Callback> asked = new LinkedBlockingQueue<>();
    private final ClusterSet clusters = new ClusterSet(worker, RedirectGuard.OFF, new NoFilters());
    private final GrpcChannels channels =
            new GrpcChannels(
                    worker,
                    clusters,
                    new ImpliedClusters(
                            worker.eventLoop(),
                            1,
                            (name, family, servers, callback) -> asked.add(callback),
                            Locality.NONE),
                    stats);
    private final WorkerCalls calls = new WorkerCalls(worker, clusters, channels, stats);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private static final class NoFilters implements FilterOpening {
        @Override
        public OpenUpstreamFilters http(UpstreamFilters filters, Scope scope) {
            throw new AssertionError("there are none");
        }

        @Override
        public OpenConnectionFilters network(ConnectionFilters filters, Scope scope) {
            throw new AssertionError("there are none");
        }
    }

    @AfterEach
    void close() throws Exception {
        on(() -> {
            channels.close();
            clusters.drain();
            return null;
        });
        assertThat(on(() -> worker.timers().pending())).isZero();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
    }

    private <T> T on(Callable<T> action) throws Exception {
        return worker.eventLoop().submit(action).get(10, TimeUnit.SECONDS);
    }

    private static GrpcService service(String prefix, long timeout) {
        return service(prefix, timeout, 1);
    }

    private static GrpcService service(String prefix, long timeout, int port) {
        EndpointSpec endpoint =
                new EndpointSpec(
                        new EndpointAddress.Named("a.test", port),
                        List.of(),
                        "",
                        1,
                        HealthStatus.UNKNOWN,
                        Metadata.EMPTY,
                        Metadata.EMPTY,
                        EndpointSpec.HealthCheckOverride.NONE);
        ClusterSpec spec =
                ClusterSpec.named("a.test:1")
                        .discovery(new DiscoverySpec.LogicalDns(DnsSpec.DEFAULTS))
                        .endpoints(
                                LoadAssignment.of(
                                        "a.test:1",
                                        List.of(
                                                new LocalityEndpoints(
                                                        Locality.NONE,
                                                        0,
                                                        0,
                                                        List.of(endpoint),
                                                        Metadata.EMPTY))))
                        .build();
        GrpcChannel channel =
                new GrpcChannel(
                        prefix,
                        new ImpliedCluster("a.test:1", spec),
                        prefix,
                        false,
                        "test",
                        null,
                        10);
        return new GrpcService(
                "a.test:1",
                "a.test:1",
                HeaderMutations.NONE,
                false,
                GrpcService.NO_LIMIT,
                null,
                timeout,
                channel);
    }

    private GrpcStream call(GrpcService service) throws Exception {
        return call(service, calls);
    }

    private GrpcStream call(GrpcService service, UpstreamCalls calls) throws Exception {
        IpAddress address = IpAddress.parse("127.0.0.1", 1);
        FormatContext about =
                FormatContext.of(
                        new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0), null);
        return on(() ->
                new GrpcCalls(calls, worker.allocator())
                        .unary(
                                service,
                                "p.S/M",
                                Unpooled.wrappedBuffer(new byte[20]),
                                about,
                                CallOptions.DEFAULT,
                                new GrpcAnswer() {
                                    @Override
                                    public void onMessage(ByteBuf message) {
                                        heard.add("message");
                                    }

                                    @Override
                                    public void onFailure(GrpcOutcome status) {
                                        heard.add("failed " + status.code());
                                    }
                                }));
    }

    private NameResolver.Callback question() throws InterruptedException {
        NameResolver.@Nullable Callback callback = asked.poll(10, TimeUnit.SECONDS);
        if (callback == null) {
            throw new AssertionError("nobody asked for the name");
        }
        return callback;
    }

    private List<String> counted() {
        return stats.counters().stream()
                .filter(c -> c.name().startsWith("grpc.") && c.value() > 0)
                .map((Counter c) -> c.name() + " " + c.value())
                .sorted()
                .collect(Collectors.toList());
    }

    @Test
    void a_call_waits_for_the_name_and_ends_where_there_is_nobody() throws Exception {
        GrpcStream first = call(service("one", 0));
        assertThat(on(first::isAboveHighWatermark)).isTrue();
        call(service("two", 0));
        NameResolver.Callback question = question();
        assertThat(heard).isEmpty();
        on(() -> {
            question.onFailed(new IOException("no such name"));
            return null;
        });
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("failed 13");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("failed 13");
        assertThat(on(first::isAboveHighWatermark)).isFalse();
        // Two services, one target: it is asked for once.
        assertThat(asked).isEmpty();
        assertThat(counted())
                .containsExactly(
                        "grpc.one.google_grpc_client_creation 1",
                        "grpc.one.streams_closed_13 1",
                        "grpc.one.streams_total 1",
                        "grpc.two.google_grpc_client_creation 1",
                        "grpc.two.streams_closed_13 1",
                        "grpc.two.streams_total 1");
        call(service("one", 0));
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("failed 13");
    }

    @Test
    void time_runs_while_a_call_waits() throws Exception {
        call(service("one", 30));
        question();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("failed 13");
    }

    @Test
    void one_that_is_given_up_hears_nothing_and_a_client_that_leaves_takes_its_statistics()
            throws Exception {
        GrpcStream given = call(service("one", 10_000));
        on(() -> {
            given.cancel();
            return null;
        });
        NameResolver.Callback question = question();
        on(() -> {
            question.onResolved(List.of());
            return null;
        });
        assertThat(counted())
                .containsExactly(
                        "grpc.one.google_grpc_client_creation 1", "grpc.one.streams_total 1");
        on(() -> {
            channels.close();
            return null;
        });
        assertThat(heard).isEmpty();
        assertThat(counted()).isEmpty();
    }

    /** What a filter leaves behind that ends without a word. */
    @Test
    void a_call_that_its_scope_gives_up_does_not_keep_its_client() throws Exception {
        List<UpstreamCall> open = new ArrayList<>();
        CallScope scope =
                new CallScope() {
                    @Override
                    public void began(UpstreamCall call) {
                        open.add(call);
                    }

                    @Override
                    public void ended(UpstreamCall call) {
                        open.remove(call);
                    }

                    @Override
                    public void failed(Throwable thrown) {
                        heard.add(thrown.toString());
                    }
                };
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            GrpcService service = service("one", 0, silent.getLocalPort());
            GrpcChannel channel = Objects.requireNonNull(service.channel());
            call(service, calls.within(scope));
            NameResolver.Callback question = question();
            on(() -> {
                question.onResolved(
                        List.of(new NameResolver.Record(silent.getInetAddress(), 1_000)));
                return null;
            });
            GrpcStream second = call(service, calls.within(scope));
            assertThat(on(second::isOpen)).isTrue();
            assertThat(on(() -> channels.client(channel).open())).isEqualTo(2);
            assertThat(open).hasSize(2);
            on(() -> {
                List.copyOf(open).forEach(UpstreamCall::cancel);
                return null;
            });
            assertThat(on(() -> channels.client(channel).open())).isZero();
            assertThat(on(second::isOpen)).isFalse();
            assertThat(open).isEmpty();
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void a_head_is_what_the_library_would_send() throws Exception {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.TE, "other");
        head.add(HeaderName.of("x-b-bin"), "\u00ff\u0000");
        new GrpcChannel(
                        "a",
                        new ImpliedCluster("a", ClusterSpec.named("a").build()),
                        "a",
                        true,
                        "mine grpc",
                        "Bearer t",
                        0)
                .complete(head);
        assertThat(head.get(HeaderName.TE)).isEqualTo("trailers");
        assertThat(head.get(HeaderName.of("x-b-bin"))).isEqualTo("/wA");
        assertThat(head.get(HeaderName.SCHEME)).isEqualTo("https");
        assertThat(head.get(HeaderName.USER_AGENT)).isEqualTo("mine grpc");
        assertThat(head.get(HeaderName.AUTHORIZATION)).isEqualTo("Bearer t");
    }
}
