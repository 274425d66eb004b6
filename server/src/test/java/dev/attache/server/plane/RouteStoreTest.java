package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a route configuration whose compilation takes its time. */
class RouteStoreTest {

    private static final ConfigSource ADS =
            ConfigSource.newBuilder().setAds(ConfigSource.getDefaultInstance().getAds()).build();

    private final Queue<Runnable> compilations = new ArrayDeque<>();
    private final StatsStore stats = new StatsStore();
    private final List<ResourceWatcher> subscribed = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final RouteStore store =
            new RouteStore(
                    new StillLoop(),
                    this::subscribe,
                    stats,
                    compilations::add,
                    RouteStoreTest::compile,
                    () -> seen.add("changed"));

    @Test
    void whatCannotBeSubscribedIsNotThere() {
        RouteStore failing =
                new RouteStore(
                        new StillLoop(),
                        (source, type, names, watcher, counts) -> {
                            throw new IllegalStateException("no");
                        },
                        stats,
                        compilations::add,
                        RouteStoreTest::compile,
                        () -> {});
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> failing.use("r", ADS, "p", () -> {})).hasMessage("no");
        }
        assertThat(failing.stored()).isEmpty();
        assertThat(stats.counters()).noneMatch(each -> each.name().startsWith("http.p.rds"));
    }

    @Test
    void isServedOnceItIsCompiledAndNotBefore() {
        use();
        Takeover update = deliver("good");
        assertThat(update.step()).isNull();
        assertThat(update.awaits()).isNotDone();
        assertThatThrownBy(update::finish).isInstanceOf(IllegalStateException.class);

        compilations.remove().run();
        assertThat(update.awaits()).isDone();
        assertThat(store.tables()).as("the main loop has it once it takes it").isEmpty();
        assertThat(seen).isEmpty();
        assertThat(update.step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(store.tables()).containsOnlyKeys("r");
        assertThat(seen).containsExactly("changed", "ready");
        assertThat(deliver("good").step()).as("the same again").isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(compilations).isEmpty();
    }

    @Test
    void whatIsRefusedLeavesTheTableAndIsShown() {
        use();
        take("good");
        RouteTable first = store.tables().get("r");
        assertThat(take("bad")).isEqualTo(UpdateOutcome.rejected("test: it is bad"));
        assertThat(store.tables().get("r")).isSameAs(first);
        StoredResource stored = store.stored().getFirst();
        assertThat(stored.active()).isNotNull();
        assertThat(stored.error()).isNotNull();

        Takeover broken = deliver("broken");
        assertThat(broken.step()).isNull();
        compilations.remove().run();
        assertThatThrownBy(broken::step).isInstanceOf(IllegalStateException.class).hasMessage("no");
        assertThat(store.tables().get("r")).isSameAs(first);
        assertThat(take("better")).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(store.tables().get("r")).isNotSameAs(first);
    }

    @Test
    void whatNobodyUsesAnyMoreIsNotAdoptedAndThenForgotten() {
        Lease lease = use();
        Takeover update = deliver("good");
        assertThat(update.step()).isNull();
        lease.close();
        assertThat(seen).as("still subscribed").isEmpty();
        compilations.remove().run();
        assertThat(update.step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("unsubscribed");
        assertThat(store.stored()).isEmpty();
        assertThat(stats.counters()).noneMatch(each -> each.name().contains(".rds."));
    }

    @Test
    void whoUsesItAgainMeanwhileGetsWhatIsBeingCompiled() {
        use().close();
        seen.clear();
        Lease first = use();
        Takeover update = deliver("good");
        assertThat(update.step()).isNull();
        first.close();
        use();
        assertThat(subscribed).as("the one that was dropped at once, and this one").hasSize(2);
        compilations.remove().run();
        assertThat(update.step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("changed", "ready");
        assertThat(store.tables()).containsOnlyKeys("r");
    }

    @Test
    void ofTheSameContentIsAnotherTableByOtherCode() {
        use();
        take("good");
        RouteTable first = store.tables().get("r");
        assertThat(store.usersOf(2)).isEmpty();
        Recompilation again = store.usersOf(1).getFirst();
        again.compile();
        assertThat(again.problem()).isNull();
        assertThat(store.tables().get("r")).isSameAs(first);
        assertThat(again.take()).isNull();
        RouteTable second = store.tables().get("r");
        assertThat(second).isNotSameAs(first);
        Recompilation late = store.usersOf(1).getFirst();
        late.compile();
        take("better");
        RouteTable third = store.tables().get("r");
        assertThat(late.take()).isNull();
        assertThat(store.tables().get("r")).as("what came meanwhile").isSameAs(third);
    }

    private Lease use() {
        return store.use("r", ADS, "in", () -> seen.add("ready"));
    }

    private UpdateOutcome take(String kind) {
        Takeover update = deliver(kind);
        assertThat(update.step()).isNull();
        compilations.remove().run();
        return update.step();
    }

    private Takeover deliver(String kind) {
        RouteConfiguration routes =
                RouteConfiguration.newBuilder().setName("r").addInternalOnlyHeaders(kind).build();
        XdsResource resource = new XdsResource("r", List.of(), "1", Any.pack(routes), null);
        return subscribed.getLast().takeState(List.of(resource), "1");
    }

    private static Compiled<CompiledRoutes> compile(RouteConfiguration routes, ByteString bytes) {
        return switch (routes.getInternalOnlyHeaders(0)) {
            case "bad" -> Compiled.rejected(Diagnostic.error("test", "", "it is bad"));
            case "broken" -> throw new IllegalStateException("no");
            default ->
                    Compiled.ok(
                            new CompiledRoutes(
                                    new RouteTable(RouteTable.Spec.named("r"), List.of()),
                                    List.of(1L)));
        };
    }

    private Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats counts) {
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
