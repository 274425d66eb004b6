package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.support.SupportTable;
import dev.attache.config.validate.Findings;
import dev.attache.config.validate.MessageChecker;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.history.XdsHistory;
import dev.attache.server.plane.version.Held;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.LoopPreparations;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Publisher;
import dev.attache.server.plane.version.RootsTakeover;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.plane.version.VersionedResource;
import dev.attache.server.plane.version.VersionedResources;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is large is read and compiled beside the main loop; what is small, at once. */
class LargeResourcesTest {

    private static final String MUCH = "x".repeat(CompileThread.LARGE);

    private final Queue<Runnable> compilations = new ArrayDeque<>();
    private final StatsStore stats = new StatsStore();
    private final List<String> seen = new ArrayList<>();
    private @Nullable ResourceWatcher subscribed;

    @Test
    void rootsAreReadAndThenTakenInTheirOrder() {
        Takeover response =
                new Response(List.of(cluster("a", ""), cluster("b", MUCH), cluster("c", "")));
        assertThat(response.step()).isNull();
        assertThat(compilations).as("a is small").isEmpty();
        assertThat(response.step()).isNull();
        assertThat(response.awaits()).isNotDone();
        assertThat(seen).as("b may refuse the whole").isEmpty();

        compilations.remove().run();
        while (compilations.isEmpty()) {
            assertThat(response.step()).isNull();
        }
        assertThat(response.awaits()).isNotDone();
        assertThat(seen).as("b is compiled").containsExactly("begin", "a");

        compilations.remove().run();
        assertThat(response.finish()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("begin", "a", "b", "c", "end");
        assertThat(compilations).isEmpty();
    }

    @Test
    void aLargeRootThatIsThereTwiceIsCompiledOnce() {
        XdsResource large = cluster("a", MUCH);
        Takeover response = new Response(List.of(large, large));
        UpdateOutcome outcome = null;
        int compiled = 0;
        while (outcome == null) {
            outcome = response.step();
            for (Runnable next = compilations.poll(); next != null; next = compilations.poll()) {
                next.run();
                compiled++;
            }
        }
        assertThat(compiled).as("read twice").isEqualTo(3);
        assertThat(seen).containsExactly("begin", "a", "end");
    }

    @Test
    void aLargeRootThatBreaksAConstraintRefusesTheWhole() {
        Takeover response = new Response(List.of(cluster("a", ""), cluster("", MUCH)));
        assertThat(response.step()).isNull();
        assertThat(response.step()).isNull();
        compilations.remove().run();
        assertThat(response.finish())
                .isInstanceOfSatisfying(
                        UpdateOutcome.Rejected.class,
                        refused ->
                                assertThat(refused.message())
                                        .contains("ClusterValidationError.Name"));
        assertThat(seen).isEmpty();
    }

    @Test
    void endpointsAreAssignedOnceTheyAreCompiled() {
        Lease lease = use();
        assertThat(take("").step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("assigned");
        assertThat(compilations).isEmpty();

        Takeover large = take(MUCH);
        assertThat(large.step()).isNull();
        assertThat(large.awaits()).isNotDone();
        assertThat(seen).hasSize(1);
        compilations.remove().run();
        assertThat(large.step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).containsExactly("assigned", "assigned");

        assertThat(take(MUCH).step()).as("the same again").isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(compilations).isEmpty();
        lease.close();
    }

    @Test
    void endpointsOfAClusterThatIsGoneMeanwhileAreAssignedToNobody() {
        Lease lease = use();
        Takeover large = take(MUCH);
        assertThat(large.step()).isNull();
        lease.close();
        compilations.remove().run();
        assertThat(large.step()).isEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(seen).isEmpty();
    }

    private Lease use() {
        EndpointStore store =
                new EndpointStore(
                        new StillLoop(),
                        this::subscribe,
                        compilations::add,
                        (assignment, bytes) ->
                                Compiled.ok(
                                        new LoadAssignment(
                                                "e",
                                                List.of(),
                                                LoadAssignment.OVERPROVISIONING_DEFAULT,
                                                false,
                                                0,
                                                List.of())));
        return store.use(
                "e",
                ConfigSource.getDefaultInstance(),
                stats.scope("cluster.e."),
                new EndpointStore.Consumers() {
                    @Override
                    public void assign(LoadAssignment assignment) {
                        seen.add("assigned");
                    }

                    @Override
                    public void giveUpWaiting() {}
                });
    }

    private Takeover take(String more) {
        ClusterLoadAssignment endpoints =
                ClusterLoadAssignment.newBuilder()
                        .setClusterName("e")
                        .putNamedEndpoints(more, Endpoint.getDefaultInstance())
                        .build();
        ResourceWatcher watcher = subscribed;
        assertThat(watcher).isNotNull();
        return watcher.takeState(
                List.of(new XdsResource("e", List.of(), "1", Any.pack(endpoints), null)), "1");
    }

    private Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats counts) {
        subscribed = watcher;
        return new Subscription() {
            @Override
            public void names(Set<String> changed) {}

            @Override
            public void close() {}
        };
    }

    private static XdsResource cluster(String name, String more) {
        Cluster cluster = Cluster.newBuilder().setName(name).setAltStatName(more).build();
        return new XdsResource(name, List.of(), "1", Any.pack(cluster), null);
    }

    private VersionedResources<Cluster, String, Held> roots() {
        MessageChecker checker = new MessageChecker(new SupportTable(), new TypeRegistry());
        PlaneContext plane =
                new PlaneContext(
                        new StillLoop(),
                        stats,
                        compilations::add,
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
                                new StillLoop(),
                                new CallGate(new DefaultEventLoop(), new NoCalls())));
        return new VersionedResources<>(
                "cluster", plane, stats.scope("cm."), checker::check, new Clusters());
    }

    private final class Response extends RootsTakeover<Cluster, String> {
        Response(List<XdsResource> changed) {
            super(roots(), changed, List.of(), false);
        }

        @Override
        protected Lease begin() {
            seen.add("begin");
            return () -> {};
        }

        @Override
        protected void remove(String name) {}

        @Override
        protected UpdateOutcome end() {
            seen.add("end");
            return UpdateOutcome.ACCEPTED;
        }

        @Override
        protected UpdateOutcome refuse(String reason) {
            return UpdateOutcome.rejected(reason);
        }
    }

    private final class Clusters implements VersionedResources.Type<Cluster, String, Held> {
        @Override
        public String nameOf(Cluster cluster) {
            return cluster.getName();
        }

        @Override
        public Cluster parse(ByteString body) throws InvalidProtocolBufferException {
            return Cluster.parseFrom(body);
        }

        @Override
        public @Nullable String keepStatic(String name, boolean newcomerIsStatic) {
            return null;
        }

        @Override
        public String compile(String name, Cluster cluster, @Nullable Findings found) {
            return found == null ? name + " was not walked over" : name;
        }

        @Override
        public @Nullable String problem(String compiled) {
            return null;
        }

        @Override
        public void discard(String compiled) {}

        @Override
        public @Nullable String open(
                VersionedResource<Held> resource,
                Cluster cluster,
                Supplier<String> compiled,
                StoredVersion stored) {
            seen.add(compiled.get());
            return null;
        }

        @Override
        public void accepted(VersionedResource<Held> resource, boolean first) {}
    }
}
