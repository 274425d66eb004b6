package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a snapshot reaches workers that are busy, or that cannot open what it holds. */
class PublicationIT {

    private final StatsStore stats = new StatsStore();
    private final Engine engine =
            new Engine(
                    EngineOptions.defaults(stats)
                            .withConcurrency(2)
                            .withDrain(new DrainControl(300, DrainControl.Strategy.IMMEDIATE)));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void nothingIsLeft() throws Exception {
        release.countDown();
        Leftovers.none(engine);
    }

    private ProxySnapshot snapshot(ListenerSpec... listeners) {
        Map<String, ListenerSpec> map = new HashMap<>();
        for (ListenerSpec spec : listeners) {
            map.put(spec.name(), spec);
        }
        return new ProxySnapshot(engine.snapshot().version() + 1, map, Map.of(), Map.of());
    }

    private static ListenerSpec echo(String name, String greeting) {
        return Listeners.listener(name).chain(Listeners.chain("c", new EchoSpec(greeting))).build();
    }

    private String greeting(String listener) throws IOException {
        IpAddress at = (IpAddress) engine.boundAddresses().get(listener).getFirst();
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            socket.setSoTimeout(5000);
            return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
        }
    }

    /** Keeps a worker busy until {@link #release}. */
    private void block(int worker) throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        engine.workers()
                .get(worker)
                .eventLoop()
                .execute(() -> {
                    began.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        assertThat(began.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private static PublishResult done(CompletableFuture<PublishResult> adopted) throws Exception {
        return adopted.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_busy_worker_holds_up_nobody_who_publishes_or_asks() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one")));
        block(0);
        Publication added = engine.publish(snapshot(echo("a", "two"), echo("b", "two")));
        Publication skipped = engine.publish(snapshot(echo("a", "three")));
        Publication last = engine.publish(snapshot(echo("a", "four"), echo("d", "four")));
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
            ListenerSpec impossible =
                    Listeners.listener("e")
                            .at(IpAddress.parse("0.0.0.0", taken.getLocalPort()))
                            .chain(Listeners.chain("c", new EchoSpec("e")))
                            .build();
            Publication refused =
                    engine.publish(
                            snapshot(
                                    engine.snapshot().listeners().get("a"),
                                    engine.snapshot().listeners().get("d"),
                                    impossible));
            assertThat(refused.atOnce().failures())
                    .extracting(PublishResult.ListenerFailure::listener)
                    .containsExactly("e");
        }
        assertThat(engine.boundAddresses()).containsOnlyKeys("a");
        assertThat(engine.connections()).isZero();
        assertThat(engine.drainingChains()).isZero();
        assertThat(added.adopted()).isNotDone();
        assertThat(last.adopted()).isNotDone();
        release.countDown();
        assertThat(done(added.adopted()).complete()).isTrue();
        assertThat(done(skipped.adopted()).complete()).isTrue();
        assertThat(done(last.adopted()).complete()).isTrue();
        assertThat(engine.boundAddresses()).containsOnlyKeys("a", "d");
        assertThat(greeting("a")).isEqualTo("four");
        assertThat(greeting("d")).isEqualTo("four");
    }

    @Test
    void a_removed_listener_refuses_once_the_snapshot_is_adopted() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one")));
        int port = ((IpAddress) engine.boundAddresses().get("a").getFirst()).port();
        Publishing.publish(engine, snapshot());
        try (Socket socket = new Socket("127.0.0.1", port)) {
            throw new AssertionError("accepted by " + socket);
        } catch (ConnectException e) {
            assertThat(e).hasMessageContaining("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                AssertionError.class,
                NoClassDefFoundError.class,
                StackOverflowError.class
            })
    void what_one_worker_cannot_open_is_put_to_work_on_none(Class<? extends Throwable> what)
            throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one")));
        OpenedSpec before = new OpenedSpec(-1, what);
        OpenedSpec bad = new OpenedSpec(1, what);
        ListenerSpec next =
                Listeners.listener("a")
                        .chain(Listeners.chain("good", before, new EchoSpec("two")))
                        .fallback(Listeners.chain("bad", before, bad, new EchoSpec("two")))
                        .build();
        ListenerSpec fresh =
                Listeners.listener("f")
                        .chain(Listeners.chain("bad", bad, new EchoSpec("two")))
                        .build();
        PublishResult result =
                Publishing.publish(engine, snapshot(next, fresh, echo("g", "three")));
        assertThat(result.failures())
                .extracting(PublishResult.ListenerFailure::listener)
                .containsExactlyInAnyOrder("a", "f");
        assertThat(result.failures().getFirst().reason())
                .startsWith("filter 'OpenedSpec' cannot be opened: " + what.getName());
        assertThat(engine.boundAddresses()).containsOnlyKeys("a", "g");
        for (int i = 0; i < 10; i++) {
            assertThat(greeting("a")).isEqualTo("one");
        }
        assertThat(greeting("g")).isEqualTo("three");
        assertThat(before.open).hasValue(0);
        assertThat(bad.open).hasValue(0);
        assertThat(stats.gauges().stream().filter(g -> g.name().startsWith("listener.f.")))
                .isEmpty();

        // The next good version follows what served.
        assertThat(Publishing.publish(engine, snapshot(echo("a", "four"))).complete()).isTrue();
        assertThat(greeting("a")).isEqualTo("four");
    }

    @Test
    void a_newer_version_that_waits_is_not_spoilt_by_one_that_fails() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one")));
        block(0);
        ListenerSpec bad =
                Listeners.listener("a")
                        .chain(
                                Listeners.chain(
                                        "bad",
                                        new OpenedSpec(0, IllegalStateException.class),
                                        new EchoSpec("two")))
                        .build();
        Publication failing = engine.publish(snapshot(bad));
        Publication waiting = engine.publish(snapshot(echo("a", "three")));
        release.countDown();
        assertThat(done(failing.adopted()).failures()).hasSize(1);
        assertThat(done(waiting.adopted()).complete()).isTrue();
        assertThat(greeting("a")).isEqualTo("three");
    }

    @Test
    void a_listener_filter_that_cannot_be_opened_costs_its_version() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one")));
        AtomicInteger open = new AtomicInteger();
        PublishResult result =
                Publishing.publish(
                        engine,
                        snapshot(
                                Listeners.listener("a")
                                        .filter((worker, store) -> {
                                            open.incrementAndGet();
                                            return new Counted(open);
                                        })
                                        .filter((worker, store) -> {
                                            throw new ExceptionInInitializerError("no room");
                                        })
                                        .chain(Listeners.chain("c", new EchoSpec("two")))
                                        .build()));
        assertThat(result.failures()).hasSize(1);
        assertThat(result.failures().getFirst().reason()).contains("filter 'test'", "no room");
        assertThat(open).hasValue(0);
        assertThat(greeting("a")).isEqualTo("one");
    }

    private record Counted(AtomicInteger open) implements ListenerFilterSpec.Factory {
        @Override
        public ListenerFilter newFilter() {
            throw new AssertionError("no connection comes so far");
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    /** Throws when it is opened on one worker; counts what is open on the others. */
    private record OpenedSpec(int worker, Class<? extends Throwable> what, AtomicInteger open)
            implements NetworkFilterSpec {

        OpenedSpec(int worker, Class<? extends Throwable> what) {
            this(worker, what, new AtomicInteger());
        }

        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public NetworkFilterFactory open(NetworkFilterContext context) {
            if (context.worker().index() == worker) {
                throw Thrown.sneaky(what);
            }
            open.incrementAndGet();
            return new NetworkFilterFactory() {
                @Override
                public NetworkFilter newFilter(dev.attache.proxy.connection.Connection connection) {
                    return new NetworkFilter.Inspecting() {};
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }
}
