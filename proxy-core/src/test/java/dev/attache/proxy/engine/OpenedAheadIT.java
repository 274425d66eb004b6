package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.StatsStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners that are opened and bound before the publication that brings them. */
class OpenedAheadIT {

    private final Engine engine =
            new Engine(EngineOptions.defaults(new StatsStore()).withConcurrency(2));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void nothingIsLeft() throws Exception {
        release.countDown();
        Leftovers.none(engine);
        assertThat(engine.openings(List.of(echo("late")))).as("of a closed engine").isEmpty();
    }

    @Test
    void the_publication_finds_them_open_and_another_one_leaves_them_so() throws Exception {
        ListenerSpec ahead = echo("ahead");
        engine.workers().getFirst().eventLoop().execute(this::awaitRelease);
        ListenerSpec before = echo("before");
        Publication earlier = engine.publish(snapshot(before));
        open(before, ahead);
        assertThat(engine.openings(List.of(before, ahead))).as("all are open").isEmpty();
        release.countDown();
        earlier.adopted().join();
        assertThat(engine.boundAddresses()).containsOnlyKeys("before");
        assertThat(Publishing.publish(engine, snapshot(before, ahead)).complete()).isTrue();
        assertThat(greeting("before")).isEqualTo("before");
        assertThat(greeting("ahead")).isEqualTo("ahead");
    }

    @Test
    void a_new_version_is_opened_beside_the_one_that_serves() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one", 0)));
        List<Address> bound = engine.boundAddresses().get("a");
        ListenerSpec next = echo("a", "two", 0);
        open(next);
        assertThat(greeting("a")).isEqualTo("one");
        assertThat(Publishing.publish(engine, snapshot(next)).complete()).isTrue();
        assertThat(greeting("a")).isEqualTo("two");
        assertThat(engine.boundAddresses().get("a")).as("the same sockets").isEqualTo(bound);
    }

    @Test
    void what_was_opened_beside_an_older_version_is_opened_again() throws Exception {
        Publishing.publish(engine, snapshot(echo("a", "one", 0)));
        ListenerSpec last = echo("a", "three", 0);
        open(last);
        ListenerSpec elsewhere =
                Listeners.listener("a")
                        .at(IpAddress.parse("127.0.0.1", 0))
                        .chain(Listeners.chain("c", new EchoSpec("two")))
                        .build();
        Publishing.publish(engine, snapshot(elsewhere));
        assertThat(greeting("a")).isEqualTo("two");
        open(last);
        Publishing.publish(engine, snapshot(elsewhere, echo("b")));
        assertThat(greeting("a")).as("it was not brought").isEqualTo("two");
        assertThat(Publishing.publish(engine, snapshot(last)).complete()).isTrue();
        assertThat(greeting("a")).isEqualTo("three");
    }

    @Test
    void the_publication_says_what_could_not_be_bound() throws Exception {
        ListenerSpec impossible;
        try (ServerSocket taken = new ServerSocket(0)) {
            impossible = echo("taken", "taken", taken.getLocalPort());
            open(impossible);
        }
        assertThat(engine.openings(List.of(impossible))).as("it was tried").isEmpty();
        Publication refused = engine.publish(snapshot(impossible));
        assertThat(refused.atOnce().failures())
                .extracting(PublishResult.ListenerFailure::listener)
                .containsExactly("taken");
        refused.adopted().join();
    }

    @Test
    void one_that_no_publication_brings_is_closed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        open(echo("gone", "gone", port));
        new Socket("127.0.0.1", port).close();
        Publishing.publish(engine, snapshot(echo("other")));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            throw new AssertionError("accepted by " + socket);
        } catch (ConnectException e) {
            assertThat(e).hasMessageContaining("refused");
        }
    }

    private void open(ListenerSpec... wanted) {
        engine.openings(List.of(wanted)).forEach(Runnable::run);
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProxySnapshot snapshot(ListenerSpec... listeners) {
        Map<String, ListenerSpec> byName =
                Stream.of(listeners)
                        .collect(Collectors.toMap(ListenerSpec::name, Function.identity()));
        return new ProxySnapshot(engine.snapshot().version() + 1, byName, Map.of(), Map.of());
    }

    private static ListenerSpec echo(String name) {
        return echo(name, name, 0);
    }

    private static ListenerSpec echo(String name, String greeting, int port) {
        return Listeners.listener(name)
                .at(IpAddress.parse("0.0.0.0", port))
                .chain(Listeners.chain("c", new EchoSpec(greeting)))
                .build();
    }

    private String greeting(String listener) throws IOException {
        IpAddress at = (IpAddress) engine.boundAddresses().get(listener).getFirst();
        try (Socket socket = new Socket("127.0.0.1", at.port())) {
            socket.setSoTimeout(5000);
            return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
        }
    }
}
