package dev.attache.server.plane.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.engine.Publication;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.server.source.NettyMainLoop;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private final EventLoop loop = new DefaultEventLoop();
    private final List<String> heard = new ArrayList<>();
    private final CompletableFuture<PublishResult> adopted = new CompletableFuture<>();
    private final Publisher publisher =
            new Publisher(
                    new NettyMainLoop(loop),
                    snapshot -> {
                        heard.add("published");
                        return new Publication(PublishResult.COMPLETE, adopted);
                    },
                    () -> {
                        heard.add("held");
                        return () -> heard.add("let go");
                    });

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void manyRequestsAreOnePublicationOnceNobodyHoldsIt() throws Exception {
        onLoop(this::connect);
        Lease[] hold = new Lease[1];
        onLoop(() -> {
            hold[0] = publisher.hold();
            publisher.request();
            publisher.request();
        });
        onLoop(() -> assertThat(heard).isEmpty());
        onLoop(() -> {
            hold[0].close();
            publisher.request();
        });
        onLoop(() -> assertThat(heard).containsExactly("published"));
    }

    @Test
    void whatFollowsRunsWhenWorkersHaveItWithRequestsHeldOverAll() throws Exception {
        onLoop(() -> {
            connect();
            publisher.afterPublishing(() -> heard.add("a"));
            publisher.afterPublishing(() -> {
                throw new IllegalStateException("b");
            });
            publisher.afterPublishing(() -> heard.add("c"));
            publisher.publish();
        });
        onLoop(() -> assertThat(heard).containsExactly("published"));
        onLoop(() -> adopted.complete(PublishResult.COMPLETE));
        onLoop(() -> assertThat(heard).containsExactly("published", "held", "a", "c", "let go"));
    }

    @Test
    void whatWouldFollowRunsWhenItCloses() throws Exception {
        onLoop(() -> {
            connect();
            publisher.afterPublishing(() -> heard.add("a"));
            publisher.publish();
            publisher.afterPublishing(() -> heard.add("b"));
            publisher.close();
        });
        assertThat(heard).containsExactly("published", "a", "b");
    }

    private void connect() {
        publisher.connect(
                version -> new ProxySnapshot(version, Map.of(), Map.of(), Map.of()), result -> {});
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).get(10, TimeUnit.SECONDS);
    }
}
