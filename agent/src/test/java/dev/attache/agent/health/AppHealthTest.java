package dev.attache.agent.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.grpc.BytesMarshaller;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.relay.Health;
import dev.attache.agent.report.AgentReport;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppHealthTest {
    private final BlockingQueue<Health> reports = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable String> proxy = new AtomicReference<>();
    private @Nullable AppHealth health;
    private @Nullable HttpServer application;

    @AfterEach
    void close() {
        if (health != null) {
            health.close();
        }
        if (application != null) {
            application.stop(0);
        }
    }

    private AppHealth start(Map<String, Object> probe) {
        ProxyConfig config = ProxyConfig.defaults().with("readinessProbe", probe);
        AppHealth started =
                AppHealth.of(
                        config,
                        new Environment(Map.of()),
                        List.of("127.0.0.1"),
                        proxy::get,
                        reports::add);
        assertThat(started).isNotNull();
        health = started;
        started.start();
        return started;
    }

    private Health next() throws InterruptedException {
        Health next = reports.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void changesAreReportedAndNothingElse() throws IOException, InterruptedException {
        AtomicInteger status = new AtomicInteger(200);
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<String> head = new AtomicReference<>("");
        application = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        application.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    head.set(
                            exchange.getRemoteAddress().getAddress().getHostAddress()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("User-Agent")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("X"));
                    if (exchange.getRequestURI().getPath().equals("/moved")) {
                        exchange.getResponseHeaders().add("Location", "/well?a=b");
                        exchange.sendResponseHeaders(302, -1);
                    } else {
                        exchange.sendResponseHeaders(status.get(), -1);
                    }
                    exchange.close();
                });
        application.start();
        AppHealth started =
                start(
                        Map.of(
                                "httpGet",
                                Map.of(
                                        "port",
                                        application.getAddress().getPort(),
                                        "path",
                                        "moved",
                                        "httpHeaders",
                                        List.of(Map.of("name", "X", "value", "y"))),
                                "periodSeconds",
                                1,
                                "failureThreshold",
                                2));
        assertThat(next()).isEqualTo(Health.WELL);
        assertThat(head.get()).isEqualTo("127.0.0.6 /well?a=b istio-probe/1.0 y");
        status.set(503);
        assertThat(next().reason()).isEqualTo("status code was not from [200,400), bad code 503");
        assertThat(asked.get()).isGreaterThanOrEqualTo(6);
        assertThat(started.state()).isNotNull();
        status.set(399);
        assertThat(next().well()).isTrue();
        assertThat(reports).isEmpty();
    }

    @Test
    void whoAsksHereHearsTheLastReason() throws InterruptedException {
        proxy.set("no configuration yet");
        AppHealth started =
                start(Map.of("exec", Map.of("command", List.of("false")), "periodSeconds", 1));
        assertThat(next()).isEqualTo(Health.unwell("no configuration yet"));
        proxy.set("configuration refused");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!"configuration refused".equals(why(started))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(reports).isEmpty();
    }

    private static @Nullable String why(AppHealth health) {
        AgentReport.Application state = health.state();
        return state == null ? null : state.why();
    }

    @Test
    void nobodyIsWellBeforeTheProxyIs() throws IOException, InterruptedException {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            proxy.set("no configuration yet");
            start(
                    Map.of(
                            "tcpSocket",
                            Map.of("port", listening.getLocalPort()),
                            "periodSeconds",
                            1));
            assertThat(next()).isEqualTo(Health.unwell("no configuration yet"));
            proxy.set(null);
            assertThat(next()).isEqualTo(Health.WELL);
            listening.close();
            assertThat(next().reason()).contains("connection refused");
        }
    }

    @Test
    void aProgramSaysIt(@TempDir Path directory) throws IOException, InterruptedException {
        Path well = Files.createFile(directory.resolve("well"));
        start(
                Map.of(
                        "exec",
                        Map.of("command", List.of("test", "-e", well.toString())),
                        "periodSeconds",
                        1));
        assertThat(next()).isEqualTo(Health.WELL);
        Files.delete(well);
        assertThat(next()).isEqualTo(Health.unwell("exit status 1"));
    }

    @Test
    void aProgramThatDoesNotEndIsNotWell() throws InterruptedException {
        start(Map.of("exec", Map.of("command", List.of("sleep", "100"))));
        assertThat(next()).isEqualTo(Health.unwell("command timeout exceeded: signal: killed"));
    }

    @Test
    void aHealthServiceSaysIt() throws IOException, InterruptedException {
        AtomicInteger status = new AtomicInteger(1);
        Server server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(service(status))
                        .build()
                        .start();
        try {
            start(
                    Map.of(
                            "grpc",
                            Map.of("port", server.getPort(), "service", "x"),
                            "periodSeconds",
                            1));
            assertThat(next()).isEqualTo(Health.WELL);
            status.set(2);
            assertThat(next().reason()).contains("not serving: 2");
        } finally {
            server.shutdownNow();
        }
    }

    private static BindableService service(AtomicInteger status) {
        BytesMarshaller bytes = BytesMarshaller.INSTANCE;
        MethodDescriptor<byte[], byte[]> check =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .setRequestMarshaller(bytes)
                        .setResponseMarshaller(bytes)
                        .build();
        return () ->
                ServerServiceDefinition.builder("grpc.health.v1.Health")
                        .addMethod(
                                check,
                                ServerCalls.asyncUnaryCall((request, answers) -> {
                                    boolean asked = new String(request).equals("\n\1x");
                                    answers.onNext(
                                            new byte[] {8, (byte) (asked ? status.get() : 0)});
                                    answers.onCompleted();
                                }))
                        .build();
    }

    @Test
    void aProbeThatCannotBeAskedIsNamed() {
        assertThatThrownBy(() -> start(Map.of("periodSeconds", 1)))
                .hasMessageContaining("httpGet, tcpSocket, exec or grpc");
        assertThatThrownBy(() -> start(Map.of("tcpSocket", Map.of("host", "x"))))
                .hasMessageContaining("readinessProbe.tcpSocket.port");
        assertThat(
                        AppHealth.of(
                                ProxyConfig.defaults(),
                                new Environment(Map.of()),
                                List.of(),
                                proxy::get,
                                reports::add))
                .isNull();
    }
}
