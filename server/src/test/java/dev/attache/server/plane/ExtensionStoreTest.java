package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.extension.SharedState;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.history.XdsHistory;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.LoopPreparations;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Publisher;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.ConfigSourceException;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of filters that are discovered, and of what comes for them. */
class ExtensionStoreTest {
    private static final ConfigSource ADS =
            ConfigSource.newBuilder().setAds(ConfigSource.getDefaultInstance().getAds()).build();

    private static final ResourceDependency ROUTES =
            new ResourceDependency(ResourceType.ROUTE.typeUrl(), "r", ADS, "p");

    private final List<Runnable> askedRoutes = new ArrayList<>();
    private int grantedRoutes = Integer.MAX_VALUE;
    private final List<ResourceWatcher> subscribed = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final StatsStore stats = new StatsStore();
    private final SharedSlot<DiscoveredFilter> slot =
            new SharedState().slot(DiscoveredFilter.class, "f", () -> new DiscoveredFilter("f"));
    private final ExtensionStore store =
            new ExtensionStore(
                    plane(), this::subscribe, this::routes, (kind, config) -> compile(config));

    @Test
    void aUserWaitsForTheFirstOneAndFindsEachFurtherOne() {
        Lease lease = store.use(discovery(true, "one"), () -> seen.add("ready"));
        assertThat(seen).isEmpty();
        assertThat(deliver("f", "one")).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("ready");
        DiscoveredFilter.Found first = current();
        assertThat(first).isNotNull();
        assertThat(deliver("f", "one")).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(current()).as("the same again").isSameAs(first);
        lease.close();
        assertThat(seen).containsExactly("ready", "unsubscribed");
        assertThat(store.stored().get(FilterKind.HTTP)).isEmpty();
        assertThat(stats.counters()).noneMatch(each -> each.name().startsWith("extension_config"));
    }

    @Test
    void whatIsRefusedLeavesWhatThereIs() {
        store.use(discovery(true, "one"), () -> {});
        deliver("f", "one");
        DiscoveredFilter.Found first = current();
        assertThat(deliver("other", "one"))
                .isEqualTo(
                        UpdateOutcome.rejected(
                                "Unexpected resource name in ExtensionConfigDS response: other"));
        assertThat(deliver("f", "two"))
                .isEqualTo(
                        UpdateOutcome.rejected(
                                "Error: filter config has type URL two but expect one."));
        assertThat(deliver("f", "bad")).isInstanceOf(UpdateOutcome.Rejected.class);
        assertThat(watcher().onState(List.of(), "2"))
                .isEqualTo(
                        UpdateOutcome.rejected(
                                "Unexpected number of resources in ExtensionConfigDS response: 0"));
        assertThat(current()).isSameAs(first);
        assertThat(store.stored().get(FilterKind.HTTP).getFirst().active()).isNotNull();
    }

    @Test
    void anUpdateIsForAllUsersOrForNone() {
        store.use(discovery(true, "one", "two"), () -> {});
        Lease second = store.use(discovery(true, "one"), () -> {});
        assertThat(subscribed).hasSize(1);
        deliver("f", "one");
        assertThat(deliver("f", "two")).isInstanceOf(UpdateOutcome.Rejected.class);
        second.close();
        assertThat(deliver("f", "two")).isEqualTo(UpdateOutcome.ACCEPTED);
    }

    @Test
    void aControlPlaneThatTakesItAwayLeavesNothing() {
        store.use(discovery(true, "one"), () -> seen.add("ready"));
        deliver("f", "one");
        assertThat(watcher().onDelta(List.of(), List.of("f"), "2"))
                .isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(current()).isNull();
        assertThat(watcher().onDelta(List.of(resource("f", "one")), List.of(), "3"))
                .isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(current()).isNotNull();
    }

    @Test
    void whoHasADefaultOrCannotGetItDoesNotWait() {
        store.use(discovery(false, "one"), () -> seen.add("at once"));
        store.use(discovery(true, "one"), () -> seen.add("given up"));
        assertThat(seen).containsExactly("at once");
        watcher().onFailure(FetchFailure.CONNECTION, "refused");
        assertThat(seen).containsExactly("at once", "given up");
        assertThat(current()).isNull();
    }

    @Test
    void whoWaitsWaitsForTheRoutesOfWhatCame() {
        store.use(discovery(true, "routed"), () -> seen.add("ready"));
        deliver("f", "routed");
        assertThat(current()).isNotNull();
        assertThat(seen).isEmpty();
        askedRoutes.getFirst().run();
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void oneThatCannotStandWithTheNewUserCountsAndIsNotTakenAway() {
        store.use(discovery(true, "one"), () -> {});
        deliver("f", "one");
        SharedSlot<DiscoveredFilter> other =
                new SharedState()
                        .slot(DiscoveredFilter.class, "f", () -> new DiscoveredFilter("f"));
        store.use(discovery(true, other, "two"), () -> seen.add("ready"));
        assertThat(seen).containsExactly("ready");
        assertThat(current()).isNotNull();
        assertThat(current(other)).isNull();
        assertThat(
                        stats.counter("extension_config_discovery.http_filter.f.config_conflict")
                                .value())
                .isEqualTo(1);
        assertThat(deliver("f", "two")).isInstanceOf(UpdateOutcome.Rejected.class);
    }

    @Test
    void eachPlaceHasAFilterOfItsOwn() {
        SharedSlot<DiscoveredFilter> other =
                new SharedState()
                        .slot(DiscoveredFilter.class, "f", () -> new DiscoveredFilter("f"));
        store.use(discovery(true, slot, "one"), () -> {});
        deliver("f", "one");
        Lease late = store.use(discovery(true, other, "one"), () -> seen.add("ready"));
        assertThat(seen).containsExactly("ready");
        assertThat(current(other)).isNotNull().isNotSameAs(current());
        DiscoveredFilter.Found before = current();
        assertThat(deliver("f", "routed")).isInstanceOf(UpdateOutcome.Rejected.class);
        assertThat(current()).isSameAs(before);
        late.close();
        assertThat(current(other)).isNull();
        assertThat(current()).isSameAs(before);
    }

    @Test
    void aPlaceThatComesLaterWaitsForTheRoutesOfItsOwn() {
        SharedSlot<DiscoveredFilter> other =
                new SharedState()
                        .slot(DiscoveredFilter.class, "f", () -> new DiscoveredFilter("f"));
        store.use(discovery(true, "routed"), () -> {});
        deliver("f", "routed");
        askedRoutes.getFirst().run();
        store.use(discovery(true, other, "routed"), () -> seen.add("ready"));
        assertThat(seen).isEmpty();
        askedRoutes.getLast().run();
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void aPlaceThatComesWhileTheFirstOneWarmsHasItsOwnToo() {
        SharedSlot<DiscoveredFilter> second = anotherPlace();
        SharedSlot<DiscoveredFilter> third = anotherPlace();
        store.use(discovery(true, "routed"), () -> seen.add("first"));
        deliver("f", "routed");
        store.use(discovery(true, second, "routed"), () -> seen.add("second"));
        assertThat(current(second)).isNotNull().isNotSameAs(current());
        assertThat(seen).isEmpty();
        askedRoutes.get(1).run();
        assertThat(seen).containsExactly("second");
        store.use(discovery(false, third, "routed"), () -> seen.add("third"));
        assertThat(current(third)).isNotNull();
        assertThat(seen).containsExactly("second", "third");
        askedRoutes.getFirst().run();
        assertThat(seen).containsExactly("second", "third", "first");
    }

    @Test
    void whoWaitsForWhatIsReplacedWaitsForWhatReplacesIt() {
        SharedSlot<DiscoveredFilter> other = anotherPlace();
        store.use(discovery(true, "routed", "routed too"), () -> {});
        deliver("f", "routed");
        askedRoutes.getFirst().run();
        store.use(discovery(true, other, "routed", "routed too"), () -> seen.add("ready"));
        Runnable ofTheFirst = askedRoutes.getLast();
        assertThat(deliver("f", "routed too")).isEqualTo(UpdateOutcome.ACCEPTED);
        ofTheFirst.run();
        assertThat(seen).isEmpty();
        askedRoutes.subList(2, 4).forEach(Runnable::run);
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void aFailureReleasesNobodyWhoWaitsForWhatHasCome() {
        store.use(discovery(true, "routed"), () -> seen.add("ready"));
        deliver("f", "routed");
        watcher().onFailure(FetchFailure.UPDATE_REJECTED, "another one was bad");
        assertThat(seen).isEmpty();
        askedRoutes.getFirst().run();
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void whatAsksForWhatCannotBeHadIsRefusedAsAWhole() {
        SharedSlot<DiscoveredFilter> other = anotherPlace();
        store.use(discovery(true, "one", "routed"), () -> {});
        store.use(discovery(true, other, "one", "routed"), () -> {});
        deliver("f", "one");
        DiscoveredFilter.Found first = current();
        DiscoveredFilter.Found second = current(other);
        grantedRoutes = 1;
        assertThat(deliver("f", "routed")).isEqualTo(UpdateOutcome.rejected("no such source"));
        assertThat(seen).containsExactly("routes given back");
        assertThat(current()).isSameAs(first);
        assertThat(current(other)).isSameAs(second);
        assertThat(deliver("f", "routed"))
                .as("the same again")
                .isEqualTo(UpdateOutcome.rejected("no such source"));
        grantedRoutes = 2;
        assertThat(deliver("f", "routed")).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(current()).isNotSameAs(first);
    }

    @Test
    void whoCannotHaveWhatIsThereIsNoUser() {
        SharedSlot<DiscoveredFilter> other = anotherPlace();
        store.use(discovery(true, "routed", "one"), () -> {});
        deliver("f", "routed");
        grantedRoutes = 0;
        assertThatThrownBy(() -> store.use(discovery(true, other, "routed"), () -> {}))
                .isInstanceOf(ConfigSourceException.class);
        assertThat(current(other)).isNull();
        assertThat(deliver("f", "one"))
                .as("which it could not take")
                .isEqualTo(UpdateOutcome.ACCEPTED);
    }

    @Test
    void whatCannotBeSubscribedLeavesNothing() {
        ExtensionStore failing =
                new ExtensionStore(
                        plane(),
                        (source, type, names, watcher, counts) -> {
                            throw new IllegalStateException("no");
                        },
                        this::routes,
                        (kind, config) -> compile(config));
        assertThatThrownBy(() -> failing.use(discovery(true, "one"), () -> {})).hasMessage("no");
        assertThat(failing.stored().get(FilterKind.HTTP)).isEmpty();
        assertThat(stats.counters()).noneMatch(each -> each.name().startsWith("extension_config"));
    }

    private Lease routes(String name, ConfigSource source, String statPrefix, Runnable whenReady) {
        assertThat(name).isEqualTo("r");
        if (grantedRoutes-- <= 0) {
            throw new ConfigSourceException("no such source");
        }
        askedRoutes.add(whenReady);
        return () -> seen.add("routes given back");
    }

    private static SharedSlot<DiscoveredFilter> anotherPlace() {
        return new SharedState().slot(DiscoveredFilter.class, "f", () -> new DiscoveredFilter("f"));
    }

    private DiscoveredFilter.@Nullable Found current() {
        return current(slot);
    }

    private static DiscoveredFilter.@Nullable Found current(SharedSlot<DiscoveredFilter> slot) {
        try (SharedSlot.Lease<DiscoveredFilter> lease = slot.lease()) {
            return lease.value().current();
        }
    }

    private ResourceWatcher watcher() {
        return subscribed.getLast();
    }

    private UpdateOutcome deliver(String name, String type) {
        return watcher().onState(List.of(resource(name, type)), "1");
    }

    private static XdsResource resource(String name, String type) {
        TypedExtensionConfig config =
                TypedExtensionConfig.newBuilder()
                        .setName(name)
                        .setTypedConfig(Any.newBuilder().setTypeUrl("t/" + type))
                        .build();
        return new XdsResource(name, List.of(), "1", Any.pack(config), null);
    }

    private ExtensionDiscovery discovery(boolean waits, String... types) {
        return discovery(waits, slot, types);
    }

    private static ExtensionDiscovery discovery(
            boolean waits, SharedSlot<DiscoveredFilter> slot, String... types) {
        return new ExtensionDiscovery(
                FilterKind.HTTP,
                "f",
                ADS,
                List.of(types),
                new ExtensionDiscovery.Place("http", false, ""),
                waits,
                slot);
    }

    private static Compiled<DiscoveredParts> compile(TypedExtensionConfig config) {
        String type = config.getTypedConfig().getTypeUrl().substring(2);
        return type.equals("bad")
                ? Compiled.rejected(Diagnostic.error("test", "", "it is bad"))
                : Compiled.ok(
                        new DiscoveredParts(
                                new DiscoveredFilter.Found(new Spec(), type, false),
                                type,
                                type.startsWith("routed") ? List.of(ROUTES) : List.of(),
                                List.of(),
                                List.of()));
    }

    private static final class Spec implements HttpFilterSpec {
        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            throw new AssertionError("nothing is opened");
        }
    }

    private PlaneContext plane() {
        return new PlaneContext(
                new StillLoop(),
                stats,
                task -> {},
                types -> () -> {},
                new Publisher(
                        new StillLoop(),
                        snapshot -> {
                            throw new AssertionError("nothing is published");
                        },
                        () -> () -> {}),
                Duration.ZERO,
                new XdsHistory(Instant::now),
                new LoopPreparations(
                        new StillLoop(), new CallGate(new DefaultEventLoop(), new NoCalls())));
    }

    private Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats counts) {
        assertThat(type).isEqualTo(ResourceType.EXTENSION_CONFIG);
        assertThat(names).containsExactly("f");
        subscribed.add(watcher);
        return new Subscription() {
            @Override
            public void names(Set<String> changed) {}

            @Override
            public void close() {
                seen.add("unsubscribed");
            }
        };
    }
}
