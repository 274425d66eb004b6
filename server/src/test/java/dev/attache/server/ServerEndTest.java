package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.ServerState;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a process whose threads end or stand still. */
class ServerEndTest {

    private static final String BOOTSTRAP =
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              listeners:
              - name: echo
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: tcp
                      cluster: nowhere
              clusters:
              - {name: nowhere, connect_timeout: 1s}
            """;

    private final List<AttacheServer> servers = new ArrayList<>();
    private final CountDownLatch free = new CountDownLatch(1);

    @AfterEach
    void close() {
        free.countDown();
        servers.forEach(AttacheServer::close);
    }

    private AttacheServer start(BlockingQueue<Integer> codes) throws Exception {
        ServerOptions options =
                ServerOptions.builder().configYaml(BOOTSTRAP).concurrency(2).build();
        AttacheServer server = AttacheServer.start(options, codes::add);
        servers.add(server);
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
        assertThat(server.state()).isEqualTo(ServerState.LIVE);
        return server;
    }

    @Test
    void aWorkerThatEndsEndsTheProcess() throws Exception {
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        AttacheServer server = start(codes);
        server.engine().workers().get(1).eventLoop().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(ProcessExit.LOST_THREAD);
        assertThat(server.state()).isNotEqualTo(ServerState.LIVE);
        assertThat(server.lifecycle().failure()).contains("wrk:worker");
    }

    @Test
    void aMainLoopThatEndsEndsTheProcess() throws Exception {
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        AttacheServer server = start(codes);
        server.mainLoop().eventLoop().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(ProcessExit.LOST_THREAD);
        assertThat(server.lifecycle().failure()).contains("main-loop");
    }

    @Test
    void anOrderlyEndIsNoLoss() throws Exception {
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        AttacheServer server = start(codes);
        server.shutdown(143);
        server.awaitClosed();
        assertThat(codes).isEmpty();
    }

    /** All in one, since each takes the whole time that closing may take. */
    @Test
    void whatStandsStillDoesNotKeepTheProcess() throws Exception {
        BlockingQueue<Integer> worker = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> main = new LinkedBlockingQueue<>();
        AttacheServer first = start(worker);
        AttacheServer second = start(main);
        block(first.engine().workers().get(0).eventLoop());
        block(second.mainLoop().eventLoop());
        first.shutdown(143);
        second.shutdown(130);
        assertThat(worker.poll(30, TimeUnit.SECONDS)).isEqualTo(143);
        assertThat(main.poll(30, TimeUnit.SECONDS)).isEqualTo(130);
    }

    private void block(EventLoop loop) throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        loop.submit(() -> {
            began.countDown();
            return free.await(60, TimeUnit.SECONDS);
        });
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
