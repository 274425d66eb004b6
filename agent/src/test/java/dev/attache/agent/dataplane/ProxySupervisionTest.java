package dev.attache.agent.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxySupervisionTest {

    @TempDir Path directory;

    private ChildDataPlane shell(String script) {
        return new ChildDataPlane(
                new ProxyCommand(Path.of("/bin/sh"), List.of("-c", script), Map.of(), false),
                new AdminAddress("127.0.0.1", 1, 1),
                directory.resolve("process"));
    }

    private static DataPlane.Ended end(DataPlane proxy) throws Exception {
        proxy.start();
        return proxy.ended().get(20, TimeUnit.SECONDS);
    }

    /** Its admin port and nobody else is shown the token, as the file has it then. */
    @Test
    void theTokenIsForTheAdminPort() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "\nsecret\nold\n");
        List<String> shown = new CopyOnWriteArrayList<>();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    shown.add(
                            exchange.getRequestURI().getPath()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization"));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        try {
            int port = server.getAddress().getPort();
            DataPlane proxy =
                    new ChildDataPlane(
                            new ProxyCommand(Path.of("none"), List.of(), Map.of(), false),
                            new AdminAddress("127.0.0.1", port, port, file),
                            directory.resolve("process"));
            proxy.adminGet("/stats", Duration.ofSeconds(20));
            Files.writeString(file, "new\n");
            proxy.drain(true, false);
            proxy.prometheus("", new DataPlane.PrometheusAsker("", "", ""), Duration.ofSeconds(20))
                    .close();
            Files.delete(file);
            assertThatThrownBy(() -> proxy.adminGet("/stats", Duration.ofSeconds(20)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " cannot be read");
            assertThat(shown)
                    .containsExactly(
                            "/stats Bearer secret",
                            "/drain_listeners Bearer new",
                            "/stats/prometheus null");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theEndOfAChildIsToldInGosWords() throws Exception {
        assertThat(end(shell("exit 0")).reason()).isEmpty();
        assertThat(end(shell("exit 3")).reason()).isEqualTo("exit status 3");
        assertThat(end(shell("kill -TERM $$")).reason()).isEqualTo("signal: terminated");
        DataPlane.Ended killed = end(shell("kill -KILL $$"));
        assertThat(killed.reason()).isEqualTo("signal: killed");
        assertThat(killed.killed()).isTrue();
    }

    @Test
    void aChildThatEndsByItselfEndsTheAgent() throws Exception {
        ProxySupervision supervision = supervision(shell("exit 1"), Duration.ofHours(1));
        supervision.run();
        assertThat(supervision.shutdownCause()).isEmpty();
    }

    @Test
    void afterDrainTheEndComesAtOnce() throws Exception {
        ChildDataPlane proxy = shell("exec sleep 600");
        ProxySupervision supervision = supervision(proxy, Duration.ofHours(1));
        supervision.drainNow();
        assertThat(supervision.phase()).isEqualTo(ProxySupervision.Phase.DRAINING);
        supervision.shutdown("received signal: terminated");
        supervision.run();
        assertThat(proxy.ended().get(20, TimeUnit.SECONDS).reason()).isEqualTo("signal: killed");
        assertThat(supervision.phase()).isEqualTo(ProxySupervision.Phase.TERMINATING);
    }

    @Test
    void aFaultOfTheSupervisionLeavesNoProxyBehind() throws Exception {
        ChildDataPlane proxy = shell("exec sleep 600");
        DataPlane broken = mute(proxy);
        ProxySupervision supervision = supervision(broken, Duration.ofHours(1));
        supervision.shutdown("received signal: terminated");
        assertThatThrownBy(supervision::run).isInstanceOf(IllegalStateException.class);
        assertThat(proxy.ended().get(20, TimeUnit.SECONDS).reason()).isEqualTo("signal: killed");
        assertThat(supervision.leavingSince()).isNotNull();
    }

    /** One whose drain fails as nobody foresaw. */
    private static DataPlane mute(DataPlane proxy) {
        return (DataPlane)
                Proxy.newProxyInstance(
                        DataPlane.class.getClassLoader(),
                        new Class<?>[] {DataPlane.class},
                        (self, method, arguments) -> {
                            if (method.getName().equals("drain")) {
                                throw new IllegalStateException("unforeseen");
                            }
                            return method.invoke(proxy, arguments);
                        });
    }

    @Test
    void aSignalWaitsForTheDrain() throws IOException, InterruptedException {
        ProxySupervision supervision = supervision(shell("exec sleep 600"), Duration.ofMillis(300));
        supervision.shutdown("received signal: terminated");
        long started = System.nanoTime();
        supervision.run();
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private static ProxySupervision supervision(DataPlane proxy, Duration termination) {
        return new ProxySupervision(
                proxy,
                new ProxySupervision.Draining(true, termination, Duration.ZERO, false),
                new ActiveConnections(proxy, 15021, 15090));
    }
}
