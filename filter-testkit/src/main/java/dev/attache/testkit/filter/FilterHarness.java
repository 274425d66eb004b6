package dev.attache.testkit.filter;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.filter.FilterFactory;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.ServerHttpConnection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.testkit.filter.FilterSetup.Surroundings;
import dev.attache.testkit.filter.proxy.PassThroughSettings;
import dev.attache.testkit.filter.proxy.TestClusters;
import dev.attache.testkit.filter.proxy.TestWorker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an HTTP filter in a test: in the proxy's own connection manager, stream and pipeline,
 * without a network. The test is the client, the upstream behind the filter, the clusters that the
 * filter calls on the side, and the clock.
 *
 * <pre>{@code
 * try (FilterHarness harness = FilterHarness.of(new AuditFactory(), "sample: 10").open()) {
 *     Exchange exchange = harness.post("/orders", "{\"id\": 1}", "content-type", "application/json");
 *     assertThat(exchange.forwarded().header("x-audit")).isEqualTo("yes"); // behind the filter
 *     exchange.respond(200, "content-type", "text/plain").responseEnd("done"); // the upstream
 *     assertThat(exchange.response().body()).isEqualTo("done"); // what the client got
 *     assertThat(harness.counter("http.test.audit.seen")).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>What is to be around the filter is said before {@link FilterSetup#open}: settings in YAML
 * ({@link #yaml}), overrides of routes, neighbours, the client's protocol and addresses. {@link
 * FilterSetup#everyCut} plays an exchange with its bodies cut in every way, {@link
 * FilterSetup#everyDeparture} ends it at every step.
 *
 * <p>{@link #close} ends what is left and fails where the filter forgot something: a buffer, a
 * timer, a call, memory that it charged to the stream; where it threw and the test has not asked
 * for {@link #exceptions}; where the end of a stream was not told once. Buffers are followed where
 * they come from the worker's allocator ({@code context.connection().worker().allocator()}, or
 * {@code alloc()} of a piece of body), not where they come from Netty's {@code Unpooled}.
 *
 * <p>Everything runs on the thread that opened the harness. Whatever else a filter uses reaches it
 * by the worker's loop, as in the proxy; {@link #await} turns that loop until something has
 * happened.
 *
 * <p>Longer than files here should be: it is all that a test holds in its hands.
 */
public final class FilterHarness implements AutoCloseable {

    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long POLL_NANOS = 100_000;
    private static final String FAULTS = "http.test.downstream_rq_filter_exception";

    private final TestWorker worker = new TestWorker(1);
    private final StatsStore stats = new StatsStore();
    private final SideCalls calls = new SideCalls(worker);
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Neighbours.First> firsts = new ArrayList<>();
    private final Surroundings surroundings;
    private final Cut cut;
    private final Departure departure;
    private final TestClusters clusters;
    private final TestChain chain;
    private final NetworkFilterFactory manager;
    private final EmbeddedChannel socket = new EmbeddedChannel();
    private final Connection connection;
    private final ServerHttpConnection.Listener streams;
    private @Nullable Exchange newest;
    private int longestBody;
    private boolean exceptionsSeen;
    private boolean closed;

    FilterHarness(
            List<FilterEntry> filters,
            RouteTable routes,
            Surroundings surroundings,
            Cut cut,
            Departure departure) {
        this.surroundings = surroundings;
        this.cut = cut;
        this.departure = departure;
        this.clusters = new TestClusters(worker, stats, surroundings.clusters());
        this.chain = new TestChain(worker, stats, calls.door(), clusters, surroundings);
        List<FilterEntry> all = new ArrayList<>();
        all.add(Neighbours.entry("first of the harness", this::newFirst));
        all.addAll(filters);
        all.add(
                new FilterEntry(
                        "upstream of the harness", new Neighbours.Last(this::newUpstream), false));
        this.manager = PassThroughSettings.of(all, routes, surroundings.protocol()).open(chain);
        ConnectionInfo info =
                new ConnectionInfo(
                        1,
                        System.currentTimeMillis(),
                        worker.nanoTime(),
                        surroundings.local(),
                        surroundings.client());
        if (surroundings.tls() != null) {
            info.secured(true);
            info.tls(surroundings.tls(), worker.nanoTime());
        }
        this.connection = new Connection(socket, worker, info, new NotYet());
        connection.install();
        NetworkFilter.Terminal attached =
                (NetworkFilter.Terminal) Objects.requireNonNull(manager.newFilter(connection));
        connection.handler(attached);
        attached.onAttached();
        attached.onConnected();
        // A connection manager takes streams from its codec, in whose place the test stands.
        this.streams = (ServerHttpConnection.Listener) attached;
    }

    // ---- what is tested ------------------------------------------------------------------------

    /** A filter of the API without settings, or with none of its settings given. */
    public static FilterSetup of(FilterFactory factory) {
        return of(factory, "{}");
    }

    /**
     * A filter of the API as a configuration names it, called as {@link FilterFactory#name} says.
     *
     * @param settings in YAML
     */
    public static FilterSetup of(FilterFactory factory, String settings) {
        return yaml(AuthorFilter.entry(factory, settings), AuthorFilter.extensions(factory))
                .author(factory);
    }

    /** A filter of the engine as its specification opens it. */
    public static FilterSetup of(String name, HttpFilterSpec spec) {
        return new FilterSetup(settings -> new FilterEntry(name, spec, false), List.of());
    }

    /** A filter of the engine, of which each stream gets one. */
    public static FilterSetup of(String name, Supplier<? extends HttpFilter> filters) {
        return of(name, new Neighbours.Made(filters));
    }

    /**
     * A filter as a configuration names it.
     *
     * @param entry of {@code http_filters}, in YAML: {@code name} and {@code typed_config} with its
     *     {@code "@type"}
     * @param extensions those that the settings may name, the filter's own among them
     */
    public static FilterSetup yaml(String entry, List<? extends ExtensionEntry> extensions) {
        return new FilterSetup(settings -> settings.filter(entry), extensions);
    }

    /**
     * As {@link #yaml(String, List)}, of the extensions that the class path brings in files {@code
     * META-INF/services/dev.attache.config.extension.ExtensionFactory}.
     */
    public static FilterSetup yaml(String entry) {
        List<ExtensionEntry> found = new ArrayList<>();
        ServiceLoader.load(ExtensionFactory.class).forEach(found::add);
        return yaml(entry, found);
    }

    // ---- the client ----------------------------------------------------------------------------

    /**
     * A request without a body.
     *
     * @param headers names and values in turn; {@code :authority} and {@code :scheme} may be among
     *     them
     */
    public Exchange get(String path, String... headers) {
        return begin("GET", path, true, headers);
    }

    /** A whole request with a body. */
    public Exchange post(String path, String body, String... headers) {
        return begin("POST", path, false, headers).end(body);
    }

    /** The head of a request; body, trailers and end are up to the {@link Exchange}. */
    public Exchange request(String method, String path, String... headers) {
        return begin(method, path, false, headers);
    }

    /**
     * A request that is its head alone.
     *
     * @param path empty = it has none, as some of CONNECT
     */
    public Exchange bodiless(String method, String path, String... headers) {
        return begin(method, path, true, headers);
    }

    private Exchange begin(String method, String path, boolean end, String... headers) {
        step();
        ClientStream stream = new ClientStream(connection, surroundings.protocol());
        Exchange exchange = new Exchange(this, stream);
        exchanges.add(exchange);
        newest = exchange;
        exchange.begin(streams, HeaderList.request(method, path, headers), end);
        worker.settle();
        return exchange;
    }

    /** All exchanges so far. */
    public List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** The client's connection, as filters see it. */
    public Connection connection() {
        return connection;
    }

    /** The client closes its connection. */
    public void closeConnection() {
        if (connection.isOpen()) {
            exchanges.forEach(Exchange::connectionClosed);
            ChannelFuture unused = socket.close();
            socket.runPendingTasks();
            worker.settle();
        }
    }

    // ---- what is around ------------------------------------------------------------------------

    /** The clusters that the filter calls. */
    public SideCalls calls() {
        return calls;
    }

    /** Moves the clock; timers that are due fire one after another. */
    public void advance(long millis) {
        step();
        worker.advance(millis);
    }

    /** {@code /healthcheck/fail}, or {@code /healthcheck/ok}, of the admin port. */
    public void failHealthChecks(boolean failed) {
        worker.healthCheckFailed(failed);
    }

    /**
     * Turns the worker's loop until something is so that other threads bring about.
     *
     * @param what for the text of the failure
     * @throws AssertionError it was not within ten seconds
     */
    public void await(String what, BooleanSupplier so) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        worker.settle();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after ten seconds: " + what + " has not happened");
            }
            LockSupport.parkNanos(POLL_NANOS);
            worker.settle();
        }
    }

    /**
     * A counter by its whole name; 0 where nobody has counted. Filters are below {@code
     * http.test.}.
     */
    public long counter(String name) {
        return stats.counter(name).value();
    }

    /** A gauge by its whole name. */
    public long gauge(String name) {
        return stats.gauge(name).value();
    }

    /** All counters and gauges that are not zero, those of the connection manager aside. */
    public Map<String, Long> stats() {
        Map<String, Long> counted = new TreeMap<>();
        for (Counter counter : stats.counters()) {
            counted.put(counter.name(), counter.value());
        }
        for (Gauge gauge : stats.gauges()) {
            counted.put(gauge.name(), gauge.value());
        }
        counted.entrySet().removeIf(each -> each.getValue() == 0 || ofManager(each.getKey()));
        return counted;
    }

    private static boolean ofManager(String name) {
        return name.startsWith("http.test.downstream_")
                || name.startsWith("http2.")
                || name.startsWith("http1.")
                || name.startsWith("listener.")
                || name.startsWith("thread_local_cluster_manager.")
                || name.matches(
                        "cluster\\.[^.]+\\.(membership_|max_host|circuit_breakers\\.|lb_|version).*");
    }

    /** What stats are made in; for histograms and other things that have no method here. */
    public StatsStore store() {
        return stats;
    }

    /** How often a filter has thrown. Whoever asks expects that one did. */
    public long exceptions() {
        exceptionsSeen = true;
        return counter(FAULTS);
    }

    /**
     * What has come of all exchanges so far, for comparison: both messages, details, flags, calls
     * and stats.
     */
    public String outcome() {
        StringBuilder text = new StringBuilder();
        exchanges.forEach(exchange -> text.append(exchange).append('\n'));
        calls.made().forEach(call -> text.append(call).append('\n'));
        stats().forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    // ---- for the exchanges ---------------------------------------------------------------------

    TestWorker worker() {
        return worker;
    }

    Cut cut() {
        return cut;
    }

    /** Before anything that happens from outside. */
    void step() {
        departure.step(this);
    }

    void sawBody(int length) {
        longestBody = Math.max(longestBody, length);
    }

    int longestBody() {
        return longestBody;
    }

    void depart(Departure.How how) {
        if (how == Departure.How.CONNECTION_CLOSES) {
            closeConnection();
            return;
        }
        for (Exchange exchange : exchanges) {
            if (how == Departure.How.CLIENT_LEAVES) {
                exchange.leaveNow();
            } else {
                exchange.upstreamResetsNow();
            }
        }
    }

    private HttpFilter newFirst() {
        Neighbours.First first = new Neighbours.First(surroundings.before());
        firsts.add(first);
        exchange().began(first);
        return first;
    }

    private HttpFilter newUpstream() {
        Neighbours.Upstream upstream = new Neighbours.Upstream();
        exchange().reaches(upstream);
        return upstream;
    }

    private Exchange exchange() {
        Exchange known = newest;
        if (known == null) {
            throw new IllegalStateException("a stream that no exchange has begun");
        }
        return known;
    }

    // ---- the end -------------------------------------------------------------------------------

    /**
     * Ends what is left: exchanges by a client that leaves, then the connection, then the chain.
     *
     * @throws AssertionError something was left behind
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Leftovers left = new Leftovers(worker);
        worker.settle();
        exchanges.forEach(Exchange::leaveNow);
        worker.settle();
        firsts.forEach(first ->
                left.unless(
                        first.ends == 1, "the end of a stream was told so often: " + first.ends));
        left.calls(calls);
        left.unless(
                exceptionsSeen || counter(FAULTS) == 0,
                "a filter threw (its stack is in the log of 'filter'), times: " + counter(FAULTS));
        closeConnection();
        left.unless(!connection.isOpen(), "the connection is still open");
        manager.close();
        chain.drained();
        clusters.close();
        worker.settle();
        socket.finishAndReleaseAll();
        left.onWorker();
        worker.close();
        left.none();
    }

    /** Nobody speaks to the connection before its manager is there. */
    private static final class NotYet implements ConnectionHandler {
        @Override
        public void onData(io.netty.buffer.ByteBuf data, boolean end) {
            data.release();
            throw new IllegalStateException("bytes on a connection without a codec");
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            // There was nothing to end.
        }
    }
}
