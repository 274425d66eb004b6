package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.version.Warmup;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.client.Subscription;
import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A control plane that cannot serve a name says so with a difference that only removes it. Whoever
 * waited for the resource goes on, or the server would initialise for ever.
 */
class AwaitedResourceTest {
    private static final ConfigSource ADS =
            ConfigSource.newBuilder().setAds(ConfigSource.getDefaultInstance().getAds()).build();

    private final StatsStore stats = new StatsStore();
    private final List<ResourceWatcher> watchers = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    @Test
    void aRouteConfigurationThatIsRemovedIsNotWaitedFor() {
        RouteStore store =
                new RouteStore(
                        new StillLoop(),
                        this::subscribe,
                        stats,
                        Runnable::run,
                        (routes, bytes) -> refused(),
                        () -> {});
        store.use("wanted", ADS, "in", () -> seen.add("ready"));

        assertThat(seen).isEmpty();
        remove();
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void endpointsThatAreRemovedAreNotWaitedFor() {
        EndpointStore store =
                new EndpointStore(
                        new StillLoop(),
                        this::subscribe,
                        Runnable::run,
                        (assignment, bytes) -> refused());
        store.use(
                "wanted",
                ADS,
                stats.scope("cluster.c."),
                new EndpointStore.Consumers() {
                    @Override
                    public void assign(LoadAssignment assignment) {
                        seen.add("assigned");
                    }

                    @Override
                    public void giveUpWaiting() {
                        seen.add("ready");
                    }
                });

        remove();
        assertThat(seen).containsExactly("ready");
    }

    @Test
    void aSecretThatIsRemovedIsNotWaitedFor() {
        StillLoop loop = new StillLoop();
        SecretStore store = new SecretStore(loop, this::subscribe, stats, new FileWatcher(loop));
        store.start();
        Warmup warmup = new Warmup("listener", () -> seen.add("ready"));
        SecretUse use = new SecretUse();
        use.of(() -> store.<TlsSecret>subscribe("wanted", ADS, "kind", secret -> refused()));
        use.await(warmup);
        warmup.start();
        assertThat(warmup.pending()).containsExactly("SdsApi wanted");

        remove();
        assertThat(seen).containsExactly("ready");
    }

    private void remove() {
        for (ResourceWatcher watcher : watchers) {
            assertThat(watcher.onDelta(List.of(), List.of("wanted"), "1"))
                    .isEqualTo(UpdateOutcome.ACCEPTED);
        }
    }

    private Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats counts) {
        watchers.add(watcher);
        return new Subscription() {
            @Override
            public void names(Set<String> changed) {}

            @Override
            public void close() {}
        };
    }

    private static <T> Compiled<T> refused() {
        return Compiled.rejected(Diagnostic.error("test", "", "nothing is compiled here"));
    }
}
