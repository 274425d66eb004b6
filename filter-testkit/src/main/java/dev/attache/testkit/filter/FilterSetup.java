package dev.attache.testkit.filter;

import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.filter.FilterFactory;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.testkit.filter.proxy.TestHandshake;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A filter and what is to be around it: routes, clients, neighbours. Made by {@link FilterHarness};
 * each {@link #open} makes everything anew, so that nothing is carried from one test to the next.
 * Its methods change it and give it back.
 *
 * <p>Longer than files here should be: one method for each thing that may be set up.
 */
public final class FilterSetup {

    /** What one opening finds around the filter. */
    record Surroundings(
            Protocol protocol,
            Address client,
            Address local,
            @Nullable TlsInfo tls,
            int bufferLimit,
            Map<String, Integer> clusters,
            Consumer<StreamInfo> before) {}

    private static final int BUFFER_LIMIT = 1 << 20;

    private final Function<Settings, FilterEntry> filter;
    private final List<ExtensionEntry> extensions = new ArrayList<>();
    private final EnumMap<OverrideLevel, Function<Settings, FilterOverride>> overrides =
            new EnumMap<>(OverrideLevel.class);
    private final List<Supplier<FilterEntry>> inFront = new ArrayList<>();
    private final List<Supplier<FilterEntry>> behind = new ArrayList<>();
    private UnaryOperator<CompileSettings> changed = settings -> settings;
    private @Nullable String routes;
    private String name = "";
    private @Nullable FilterFactory factory;
    private Protocol protocol = Protocol.HTTP2;
    private Address client = IpAddress.parse("192.0.2.1", 40_000);
    private Address local = IpAddress.parse("192.0.2.2", 80);
    private @Nullable TlsInfo tls;
    private int bufferLimit = BUFFER_LIMIT;
    private final Map<String, Integer> clusters = new HashMap<>(Map.of(OneRoute.CLUSTER, 0));
    private Consumer<StreamInfo> before = info -> {};

    /**
     * @param filter makes it of the settings, or ignores them
     */
    FilterSetup(Function<Settings, FilterEntry> filter, List<? extends ExtensionEntry> extensions) {
        this.filter = filter;
        this.extensions.addAll(extensions);
    }

    /** The filter is one of the API. */
    FilterSetup author(FilterFactory made) {
        factory = made;
        return this;
    }

    // ---- routes ------------------------------------------------------------------------------

    /**
     * What {@code typed_per_filter_config} says of the filter on one level of the route.
     *
     * @param yaml the settings with their {@code "@type"}; of a {@link FilterFactory} the settings
     *     alone
     */
    public FilterSetup override(OverrideLevel level, String yaml) {
        FilterFactory author = factory;
        String typed = author == null ? yaml : AuthorFilter.typed(author, yaml);
        overrides.put(level, settings -> settings.override(name, typed));
        return this;
    }

    /** As {@link #override(OverrideLevel, String)}, of what the filter's factory would make. */
    public FilterSetup overrideWith(OverrideLevel level, Object config) {
        overrides.put(level, settings -> new FilterOverride(config, false));
        return this;
    }

    /** The route switches the filter off. */
    public FilterSetup disabled(OverrideLevel level) {
        overrides.put(level, settings -> new FilterOverride(null, true));
        return this;
    }

    /**
     * Other routes than the one to the cluster {@code upstream} that every request takes.
     *
     * @param routeConfiguration in YAML, with the overrides that belong to it
     */
    public FilterSetup routes(String routeConfiguration) {
        routes = routeConfiguration;
        return this;
    }

    // ---- client and surroundings -------------------------------------------------------------

    /** What the client speaks; otherwise HTTP/2. */
    public FilterSetup protocol(Protocol spoken) {
        protocol = spoken;
        return this;
    }

    /** Where the client is, and where it was accepted. */
    public FilterSetup addresses(Address ofClient, Address accepted) {
        client = ofClient;
        local = accepted;
        return this;
    }

    /** What a handshake with the client has established. */
    public FilterSetup tls(TlsInfo established) {
        tls = established;
        return this;
    }

    /**
     * As {@link #tls(TlsInfo)}, of TLS 1.3.
     *
     * @param serverName the name that the client asked for, or null
     * @param ofClient its certificates, verified, the leaf first; none = it showed none
     */
    public FilterSetup tls(@Nullable String serverName, X509Certificate... ofClient) {
        return tls(new TestHandshake(serverName, List.of(ofClient)));
    }

    /** How many bytes a filter may make the pipeline hold; otherwise 1 MiB. */
    public FilterSetup bufferLimit(int bytes) {
        bufferLimit = bytes;
        return this;
    }

    /**
     * A cluster that a filter can look up by name, beside {@code upstream}, which is always there.
     * Nobody connects to its hosts; calls are answered by {@link FilterHarness#calls} whether or
     * not there is such a cluster.
     *
     * @param hosts how many it has
     */
    public FilterSetup cluster(String clusterName, int hosts) {
        clusters.put(clusterName, hosts);
        return this;
    }

    /** Shown what is known of each stream before the filter sees it: metadata, filter state. */
    public FilterSetup before(Consumer<StreamInfo> look) {
        before = look;
        return this;
    }

    /** A filter nearer to the client; of several the one that was named first is the first. */
    public FilterSetup inFront(String filterName, Supplier<? extends HttpFilter> filters) {
        inFront.add(() -> Neighbours.entry(filterName, filters));
        return this;
    }

    /** As {@link #inFront(String, Supplier)}, of a filter with settings; nothing else of it. */
    public FilterSetup inFront(FilterSetup other) {
        inFront.add(other::entry);
        return this;
    }

    /** A filter nearer to the upstream; of several the one that was named first is the first. */
    public FilterSetup behind(String filterName, Supplier<? extends HttpFilter> filters) {
        behind.add(() -> Neighbours.entry(filterName, filters));
        return this;
    }

    /** As {@link #behind(String, Supplier)}, of a filter with settings; nothing else of it. */
    public FilterSetup behind(FilterSetup other) {
        behind.add(other::entry);
        return this;
    }

    /** More extensions that the settings may name. */
    public FilterSetup extensions(List<? extends ExtensionEntry> more) {
        extensions.addAll(more);
        return this;
    }

    /** What compilations share: runtime values, environment, secrets, what is deprecated. */
    public FilterSetup compiledWith(UnaryOperator<CompileSettings> change) {
        changed = change;
        return this;
    }

    // ---- running -------------------------------------------------------------------------------

    /**
     * Why the settings are refused: for each error the path of the field and the text; empty where
     * they are taken.
     */
    public List<String> errors() {
        try {
            compile();
            return List.of();
        } catch (RefusedSettings refused) {
            return refused.errors();
        }
    }

    private FilterEntry entry() {
        return filter.apply(new Settings(extensions, changed));
    }

    private Compilation compile() {
        Settings settings = new Settings(extensions, changed);
        FilterEntry entry = filter.apply(settings);
        name = entry.name();
        if (routes != null) {
            if (!overrides.isEmpty()) {
                throw new IllegalStateException("the routes bring their overrides themselves");
            }
            return new Compilation(entry, settings.routes(routes));
        }
        EnumMap<OverrideLevel, FilterOverride> made = new EnumMap<>(OverrideLevel.class);
        overrides.forEach((level, override) -> made.put(level, override.apply(settings)));
        return new Compilation(entry, OneRoute.to(entry.name(), made));
    }

    private record Compilation(FilterEntry filter, RouteTable routes) {}

    /**
     * Opens the filter on a worker of its own.
     *
     * @throws RefusedSettings the filter's factory does not take its settings
     */
    public FilterHarness open() {
        return open(Cut.NONE, Departure.NONE);
    }

    FilterHarness open(Cut cut, Departure departure) {
        Compilation compiled = compile();
        List<FilterEntry> chain = new ArrayList<>();
        inFront.forEach(each -> chain.add(each.get()));
        chain.add(compiled.filter());
        behind.forEach(each -> chain.add(each.get()));
        return new FilterHarness(
                chain,
                compiled.routes(),
                new Surroundings(
                        protocol, client, local, tls, bufferLimit, Map.copyOf(clusters), before),
                cut,
                departure);
    }

    /**
     * Plays the same exchange again and again, with the bodies of both messages cut in every way
     * that matters: whole, byte by byte, at each place in between, with empty pieces, the end on
     * the last piece or behind it. Fails where what comes of it is not the same each time.
     *
     * @param exchange plays it on a harness of its own, and gives back what is compared; where that
     *     is everything, {@link FilterHarness#outcome()}
     * @return what came of it, the same each time
     */
    public String everyCut(Function<FilterHarness, String> exchange) {
        String whole;
        int longest;
        try (FilterHarness harness = open()) {
            whole = exchange.apply(harness);
            longest = harness.longestBody();
        }
        for (Cut cut : Cut.all(longest)) {
            try (FilterHarness harness = open(cut, Departure.NONE)) {
                String other = exchange.apply(harness);
                if (!whole.equals(other)) {
                    throw new AssertionError(
                            "it matters how the body comes.\n--- in one piece:\n%s\n--- %s:\n%s"
                                    .formatted(whole, cut, other));
                }
            } catch (AssertionError failed) {
                throw cut.named(failed);
            }
        }
        return whole;
    }

    /**
     * Plays the same exchange again and again, and ends it before each of its steps: by the client
     * that leaves its stream, by its connection that closes, by the upstream that resets the
     * stream. What the exchange itself asserts is not reached then; what is asserted is that
     * nothing is left behind.
     *
     * @param exchange plays it
     */
    public void everyDeparture(Consumer<FilterHarness> exchange) {
        for (Departure.How how : Departure.How.values()) {
            boolean interrupted = true;
            for (int step = 0; interrupted; step++) {
                Departure departure = new Departure(how, step);
                try (FilterHarness harness = open(Cut.NONE, departure)) {
                    interrupted = departure.interrupts(() -> exchange.accept(harness));
                } catch (AssertionError failed) {
                    throw departure.named(failed);
                }
            }
        }
    }
}
