package dev.attache.proxy.engine;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.CodecType;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Identity;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ResetLimits;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ServerHeader;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.UpgradeType;
import dev.attache.proxy.network.http.LocalReplySpec;
import dev.attache.proxy.network.http.request.ClientAddress;
import dev.attache.proxy.network.http.request.EscapedSlashes;
import dev.attache.proxy.network.http.request.ForwardClientCert;
import dev.attache.proxy.network.http.request.ForwardProto;
import dev.attache.proxy.network.http.request.Paths;
import dev.attache.proxy.network.http.request.RequestIds;
import dev.attache.proxy.network.http.request.XfccMode;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine with one HTTP listener, clusters and routes, for tests of the whole corridor. */
final class HttpFixture implements AutoCloseable {

    final StatsStore stats = new StatsStore();
    final Engine engine;
    private final EventLoop main = new DefaultEventLoopGroup(1).next();
    private final Map<String, SharedCluster> clusters = new HashMap<>();

    HttpFixture() {
        this(MemoryBudget.UNLIMITED);
    }

    /** Whose worker may hold only so much for its peers. */
    HttpFixture(MemoryBudget budget) {
        engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1).withMemory(budget));
    }

    HttpFixture(DrainControl drain) {
        engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1).withDrain(drain));
    }

    void cluster(ClusterSpec.Builder spec, int... ports) {
        ClusterSpec built = spec.build();
        List<EndpointSpec> endpoints =
                java.util.Arrays.stream(ports)
                        .mapToObj(port -> EndpointSpec.of(IpAddress.parse("127.0.0.1", port)))
                        .toList();
        LoadAssignment assignment =
                LoadAssignment.of(
                        built.name(),
                        List.of(
                                new LocalityEndpoints(
                                        Locality.NONE, 0, 0, endpoints, Metadata.EMPTY)));
        ClusterEnvironment environment =
                new ClusterEnvironment(
                        main,
                        1,
                        stats,
                        (name, family, servers, callback) -> {
                            throw new IllegalStateException("no names here");
                        },
                        Locality.NONE,
                        () -> HostSet.EMPTY,
                        engine::publishHosts);
        SharedCluster cluster =
                main.submit(() ->
                                SharedCluster.open(
                                        spec.endpoints(assignment).build(), environment, null))
                        .awaitUninterruptibly()
                        .getNow();
        clusters.put(built.name(), cluster);
    }

    int serve(HttpConnectionManagerSpec manager) {
        return serve(manager, 1 << 20);
    }

    int serve(HttpConnectionManagerSpec manager, int bufferLimit) {
        return serve(
                Listeners.listener("web")
                        .bufferLimit(bufferLimit)
                        .chain(Listeners.chain("c", manager))
                        .build());
    }

    /** One listener of any kind, named {@code web}. */
    int serve(ListenerSpec listener) {
        PublishResult result =
                Publishing.publish(
                        engine, new ProxySnapshot(1, Map.of("web", listener), Map.of(), clusters));
        if (!result.failures().isEmpty()) {
            throw new AssertionError(result.failures());
        }
        return ((IpAddress) engine.boundAddresses().get("web").getFirst()).port();
    }

    static RouteAction.Forward forward(
            String cluster, long timeoutMillis, @Nullable RetryPolicy retry) {
        return forward(cluster, timeoutMillis, retry, List.of());
    }

    static RouteAction.Forward forward(
            String cluster,
            long timeoutMillis,
            @Nullable RetryPolicy retry,
            List<RouteAction.Mirror> mirrors) {
        return new RouteAction.Forward(
                new ClusterChoice.Named(cluster),
                503,
                timeoutMillis,
                -1,
                -1,
                null,
                -1,
                0,
                retry,
                null,
                null,
                false,
                List.of(),
                mirrors,
                Map.of(),
                MetadataValue.EMPTY_STRUCT,
                false,
                null,
                -1,
                List.of(),
                false);
    }

    static Route.Spec route(String prefix, RouteAction action) {
        return Route.Spec.of(prefix, RouteMatcher.of(new PathMatcher.Prefix(prefix, true)), action);
    }

    static RouteTable table(Route.Spec... routes) {
        return new RouteTable(
                RouteTable.Spec.named("local"),
                List.of(
                        new RouteTable.HostRoutes(
                                new VirtualHost.Spec(
                                        "all",
                                        List.of("*"),
                                        VirtualHost.TlsRequirement.NONE,
                                        HeaderMutations.NONE,
                                        HeaderMutations.NONE,
                                        false,
                                        false,
                                        false,
                                        -1,
                                        Metadata.EMPTY,
                                        List.of(),
                                        List.of()),
                                List.of(routes))));
    }

    static HttpConnectionManagerSpec manager(RouteTable table, AccessLog... logs) {
        return manager(table, List.of(new FilterEntry("router", RouterSpec.DEFAULTS, false)), logs);
    }

    static HttpConnectionManagerSpec manager(
            RouteTable table, List<FilterEntry> filters, AccessLog... logs) {
        return manager(table, filters, Timeouts.DEFAULTS, 0, logs);
    }

    static HttpConnectionManagerSpec manager(
            RouteTable table,
            List<FilterEntry> filters,
            Timeouts timeouts,
            long logIntervalMillis,
            AccessLog... logs) {
        return manager(
                table,
                filters,
                timeouts,
                logIntervalMillis,
                Stream.of(logs).<AccessLogSpec>map(log -> scope -> log).toList());
    }

    static HttpConnectionManagerSpec manager(RouteTable table, AccessLogSpec log) {
        return manager(
                table,
                List.of(new FilterEntry("router", RouterSpec.DEFAULTS, false)),
                Timeouts.DEFAULTS,
                0,
                List.of(log));
    }

    private static HttpConnectionManagerSpec manager(
            RouteTable table,
            List<FilterEntry> filters,
            Timeouts timeouts,
            long logIntervalMillis,
            List<AccessLogSpec> logs) {
        return new HttpConnectionManagerSpec(
                "web",
                CodecType.AUTO,
                Http1Options.DEFAULTS,
                Http2Options.DEFAULTS,
                new Routes.Inline(table),
                filters,
                Map.of("websocket", new UpgradeType(true, null)),
                new Identity("envoy", ServerHeader.OVERWRITE, ""),
                new ClientAddress(
                        false,
                        0,
                        false,
                        false,
                        List.of(),
                        false,
                        false,
                        List.of(),
                        ForwardProto.NONE),
                new RequestIds(true, false, false, true, true),
                new ForwardClientCert(XfccMode.SANITIZE, Set.of()),
                new Paths(false, false, EscapedSlashes.KEEP_UNCHANGED, true),
                timeouts,
                LocalReplySpec.NONE,
                logs,
                false,
                logIntervalMillis,
                false,
                false,
                StripPort.NONE,
                false,
                null,
                false,
                0,
                ResetLimits.DEFAULTS,
                60,
                List.of(),
                null);
    }

    /** Closes the engine once clients have left, whose end it would not see afterwards. */
    void closeEngine() throws InterruptedException {
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        engine.close();
    }

    @Override
    public void close() {
        engine.close();
        Leftovers.nothingHeld(engine);
        end();
    }

    /** As {@link #close}, where calls may have been cut off that somebody still pays for. */
    void end() {
        engine.close();
        main.submit(() -> clusters.values().forEach(SharedCluster::close)).awaitUninterruptibly();
        main.parent().shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
