package dev.attache.xds.client;

import dev.attache.api.Overlay;
import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.file.FileSource;
import dev.attache.xds.file.FileSubscription;
import dev.attache.xds.file.FileWatcher;
import dev.attache.xds.file.ResponseFileReader;
import dev.attache.xds.mux.Mux;
import dev.attache.xds.stream.DiscoveryMethods;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One proxy's client of its control planes. Owns the ADS stream and all streams that serve single
 * subscriptions. Main loop only.
 */
public final class XdsClient implements AutoCloseable {

    /** Envoy's default of {@code initial_fetch_timeout}. */
    public static final Duration DEFAULT_INITIAL_FETCH_TIMEOUT = Duration.ofSeconds(15);

    private final MainLoop loop;
    private final MuxFactory muxes;
    private final UpdateJournal journal;
    private final FileWatcher files;
    private final ResponseFileReader reader;
    private final Set<Mux> open = new LinkedHashSet<>();
    private @Nullable Mux ads;
    private @Nullable ApiConfigSource adsSource;

    /**
     * @param loop where everything runs
     * @param node this proxy, as the control plane shall see it
     * @param transports reaches control planes
     * @param files watches files; not closed with the client
     * @param reader reads resource files
     * @param random jitter of the back-off
     * @param journal hears of streams and responses
     */
    public XdsClient(
            MainLoop loop,
            Supplier<Node> node,
            TransportFactory transports,
            FileWatcher files,
            ResponseFileReader reader,
            RandomGenerator random,
            UpdateJournal journal) {
        this.loop = loop;
        this.journal = journal;
        this.muxes = new MuxFactory(loop, node, transports, random, journal);
        this.files = files;
        this.reader = reader;
    }

    /**
     * Sets the aggregated stream up ({@code dynamic_resources.ads_config}); it opens with {@link
     * #startAds}.
     *
     * @throws ConfigSourceException if the source cannot be used
     */
    public void configureAds(ApiConfigSource source, ControlPlaneStats stats) {
        if (ads != null) {
            throw new IllegalStateException("ADS is configured already");
        }
        Mux mux =
                muxes.create(
                        source,
                        DiscoveryMethods.aggregated(),
                        DiscoveryMethods.deltaAggregated(),
                        stats,
                        "ads");
        ads = mux;
        adsSource = source;
        open.add(mux);
    }

    /** Opens the aggregated stream, if there is one. */
    public void startAds() {
        if (ads != null) {
            ads.start();
        }
    }

    /** Holds back ADS requests of these types until the pause is closed. */
    public Mux.Pause pause(Collection<ResourceType> types) {
        return ads == null ? () -> {} : ads.pause(types);
    }

    /** Whether ADS is incremental; false without ADS. */
    public boolean adsIsDelta() {
        return adsSource != null && MuxFactory.isDelta(adsSource);
    }

    /**
     * Subscribes.
     *
     * @param names what to ask for; empty for everything
     * @throws ConfigSourceException if the source cannot be used
     */
    public Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats) {
        muxes.requireV3(source.getResourceApiVersion());
        return switch (source.getConfigSourceSpecifierCase()) {
            case ADS, SELF -> overAds(source, type, names, watcher, stats);
            case API_CONFIG_SOURCE -> overOwnStream(source, type, names, watcher, stats);
            case PATH ->
                    fromFile(
                            type,
                            FileSource.replaced(path(source.getPath())),
                            names,
                            watcher,
                            stats);
            case PATH_CONFIG_SOURCE ->
                    fromFile(type, file(source.getPathConfigSource()), names, watcher, stats);
            case CONFIGSOURCESPECIFIER_NOT_SET ->
                    throw new ConfigSourceException(
                            "Missing config source specifier in"
                                    + " envoy::config::core::v3::ConfigSource");
        };
    }

    private static FileSource file(PathConfigSource source) {
        var interval =
                Overlay.of(source)
                        .message(
                                "poll_interval", com.google.protobuf.Duration.getDefaultInstance());
        if (interval != null && source.hasWatchedDirectory()) {
            throw new ConfigSourceException(
                    "PathConfigSource poll_interval and watched_directory cannot both be set");
        }
        return new FileSource(
                path(source.getPath()),
                source.hasWatchedDirectory() ? path(source.getWatchedDirectory().getPath()) : null,
                interval == null
                        ? Duration.ZERO
                        : Duration.ofSeconds(interval.getSeconds(), interval.getNanos()));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new ConfigSourceException("Invalid path: " + name, e);
        }
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Mux::close);
        open.clear();
        ads = null;
    }

    private Subscription overAds(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats) {
        if (ads == null) {
            throw new ConfigSourceException(
                    "an ads config source needs dynamic_resources.ads_config in the bootstrap");
        }
        return overMux(ads, false, source, type, names, watcher, stats);
    }

    private Subscription overOwnStream(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats) {
        Mux mux =
                muxes.create(
                        source.getApiConfigSource(),
                        DiscoveryMethods.sotw(type),
                        DiscoveryMethods.delta(type),
                        stats.controlPlane(),
                        type.shortName());
        open.add(mux);
        Subscription subscription = overMux(mux, true, source, type, names, watcher, stats);
        mux.start();
        return subscription;
    }

    private Subscription overMux(
            Mux mux,
            boolean owned,
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats) {
        CountingWatcher counting = new CountingWatcher(loop, type.typeUrl(), watcher, stats);
        Mux.Watch watch = mux.watch(type, names, counting);
        counting.start(initialFetchTimeout(source));
        return new Subscription() {
            @Override
            public void names(Set<String> next) {
                watch.names(next);
                stats.updateAttempt();
            }

            @Override
            public void close() {
                counting.close();
                watch.close();
                if (owned) {
                    mux.close();
                    open.remove(mux);
                }
            }
        };
    }

    private Subscription fromFile(
            ResourceType type,
            FileSource source,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats stats) {
        FileSubscription subscription;
        try {
            subscription =
                    new FileSubscription(
                            loop,
                            files,
                            type,
                            source,
                            reader,
                            names,
                            watcher,
                            stats,
                            journal.stream(source.file().toString(), "file"));
        } catch (IOException e) {
            throw new ConfigSourceException(String.valueOf(e.getMessage()), e);
        }
        return new Subscription() {
            @Override
            public void names(Set<String> next) {
                subscription.names(next);
            }

            @Override
            public void close() {
                subscription.close();
            }
        };
    }

    private static Duration initialFetchTimeout(ConfigSource source) {
        if (!source.hasInitialFetchTimeout()) {
            return DEFAULT_INITIAL_FETCH_TIMEOUT;
        }
        return Duration.ofSeconds(
                source.getInitialFetchTimeout().getSeconds(),
                source.getInitialFetchTimeout().getNanos());
    }
}
