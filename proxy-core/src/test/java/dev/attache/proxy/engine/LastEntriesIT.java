package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.Posting;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.Unpooled;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log that sends its entries in batches: what waits when the engine closes goes out. */
@Timeout(60)
final class LastEntriesIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    private final HttpFixture fixture = new HttpFixture();
    private final List<Integer> outcomes = new CopyOnWriteArrayList<>();
    private RawUpstream upstream;

    @BeforeEach
    void anUpstream() throws Exception {
        upstream = new RawUpstream(OK);
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
    }

    @AfterEach
    void close() throws Exception {
        upstream.close();
        fixture.end();
    }

    /** Sends all of its entries when there will be no more of them. */
    private AccessLog batching(AccessLogScope scope) {
        List<String> entries = new ArrayList<>();
        scope.whenDrained(() ->
                scope.worker()
                        .eventLoop()
                        .execute(() -> {
                            if (!entries.isEmpty()) {
                                post(scope, String.join(",", entries));
                            }
                        }));
        return entry -> entries.add(String.valueOf(entry.info().responseCode()));
    }

    private void post(AccessLogScope scope, String entries) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, "/" + entries);
        head.add(HeaderName.AUTHORITY, "logs");
        Posting.send(
                scope.calls(),
                "logs",
                head,
                Unpooled.wrappedBuffer(new byte[1]),
                CallOptions.DEFAULT.report(),
                outcomes::add);
    }

    private int serve() {
        AccessLogSpec log = this::batching;
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                        log));
    }

    private static void ask(Socket client) throws Exception {
        client.getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private void serveOne() throws Exception {
        try (Socket client = new Socket("127.0.0.1", serve())) {
            ask(client);
            assertThat(client.getInputStream().readNBytes(15))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void goesOutBeforeTheClustersClose() throws Exception {
        try (RawUpstream logs = new RawUpstream(OK)) {
            fixture.cluster(ClusterSpec.named("logs"), logs.port());
            serveOne();
            fixture.closeEngine();
            Leftovers.nothingHeld(fixture.engine);
            assertThat(logs.heads).singleElement().asString().startsWith("POST /200 HTTP/1.1");
            assertThat(outcomes).containsExactly(200);
        }
    }

    @Test
    void ofARequestThatRunsItDoesToo() throws Exception {
        try (RawUpstream logs = new RawUpstream(OK);
                ServerSocket silent = new ServerSocket(0)) {
            fixture.cluster(ClusterSpec.named("logs"), logs.port());
            fixture.cluster(ClusterSpec.named("up"), silent.getLocalPort());
            try (Socket client = new Socket("127.0.0.1", serve())) {
                ask(client);
                try (Socket asked = silent.accept()) {
                    assertThat(asked.getInputStream().read()).isEqualTo('G');
                    fixture.engine.close();
                }
            }
            Leftovers.nothingHeld(fixture.engine);
            assertThat(logs.heads).singleElement().asString().startsWith("POST /0 HTTP/1.1");
            assertThat(outcomes).containsExactly(200);
        }
    }

    @Test
    void ofAServiceThatDoesNotAnswerItIsNotWaitedForLong() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            fixture.cluster(ClusterSpec.named("logs"), silent.getLocalPort());
            serveOne();
            long begun = System.nanoTime();
            fixture.closeEngine();
            assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
            assertThat(outcomes).doesNotContain(200);
        }
    }

    @Test
    void logsOfNoWorkersOwnSendTheirsToo() throws Exception {
        try (RawUpstream logs = new RawUpstream(OK)) {
            fixture.cluster(ClusterSpec.named("logs"), logs.port());
            serveOne();
            AccessLogScope own = fixture.engine.logScope();
            own.whenDrained(() -> own.worker().eventLoop().execute(() -> post(own, "admin")));
            fixture.closeEngine();
            assertThat(logs.heads).anyMatch(head -> head.startsWith("POST /admin HTTP/1.1"));
        }
    }
}
