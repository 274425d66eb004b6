package dev.attache.proxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterSet;
import dev.attache.proxy.upstream.FilterOpening;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For which calls a worker that ends waits. */
final class WorkerCallsTest {
    private final EmbeddedConnection worker = new EmbeddedConnection();
    private final StatsStore stats = new StatsStore();
    private final ClusterSet clusters =
            new ClusterSet(
                    worker,
                    RedirectGuard.OFF,
                    (FilterOpening)
                            Proxy.newProxyInstance(
                                    getClass().getClassLoader(),
                                    new Class<?>[] {FilterOpening.class},
                                    (self, method, arguments) -> {
                                        throw new AssertionError("there are no filters");
                                    }));
    private final WorkerCalls calls =
            new WorkerCalls(
                    worker, clusters, new GrpcChannels(worker, clusters, null, stats), stats);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void finish() {
        worker.finish();
    }

    @Test
    void forThoseThatCarryReportsAlone() {
        call("a mirror", CallOptions.DEFAULT, () -> {});
        calls.whenReported(() -> told.add("idle"));
        assertThat(told).containsExactly("idle");
        worker.nextTurn();
        assertThat(told).containsExactly("idle", "a mirror");
    }

    @Test
    void andForWhatFollowsOneOfThem() {
        CallOptions report = CallOptions.DEFAULT.report();
        call("a batch", report, () -> call("what was left", report, () -> {}));
        calls.whenReported(() -> told.add("idle"));
        assertThat(told).isEmpty();
        worker.nextTurn();
        assertThat(told).containsExactly("a batch", "what was left", "idle");
    }

    /** There is no such cluster: the call fails in a later task of the loop. */
    private void call(String name, CallOptions options, Runnable then) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, "/");
        head.add(HeaderName.AUTHORITY, "reports");
        calls.start(
                "none",
                head,
                true,
                options,
                new CallListener() {
                    @Override
                    public void onHeaders(Headers response, boolean end) {
                        throw new AssertionError("nobody answers");
                    }

                    @Override
                    public void onData(ByteBuf data, boolean end) {
                        throw new AssertionError("nobody answers");
                    }

                    @Override
                    public void onTrailers(Headers trailers) {
                        throw new AssertionError("nobody answers");
                    }

                    @Override
                    public void onFailure(CallFailure why) {
                        told.add(name);
                        then.run();
                    }
                });
    }
}
