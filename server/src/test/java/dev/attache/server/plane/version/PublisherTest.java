package dev.attache.server.plane.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.engine.Publication;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.server.source.NettyMainLoop;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublisherTest {

    /** As long as a turn of the loop, see Turns. */
    private static final long TURN_NANOS = 10_000_000;

    private final EventLoop loop = new DefaultEventLoop();
    private final List<String> heard = new ArrayList<>();
    private final Queue<Runnable> unopened = new ArrayDeque<>();
    private final CompletableFuture<PublishResult> adopted = new CompletableFuture<>();
    private final Publisher publisher =
            new Publisher(
                    new NettyMainLoop(loop),
                    new Publisher.Target() {
                        @Override
                        public Publication publish(ProxySnapshot next) {
                            heard.add("published");
                            return new Publication(PublishResult.COMPLETE, adopted);
                        }

                        @Override
                        public List<Runnable> openings(Collection<ListenerSpec> listeners) {
                            return List.copyOf(unopened);
                        }
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
        waitFor("let go");
        assertThat(heard).containsExactly("published", "held", "a", "c", "let go");
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

    @Test
    void listenersAreOpenedInTurnsBeforeThePublicationThatBringsThem() throws Exception {
        for (int i = 0; i < 3; i++) {
            unopened.add(this::open);
        }
        onLoop(() -> {
            connect();
            publisher.request();
            loop.execute(() -> heard.add("other"));
        });
        waitFor("published");
        assertThat(heard).containsExactly("opened", "other", "opened", "opened", "published");
    }

    @Test
    void whatCannotBeOpenedAheadIsLeftToThePublication() throws Exception {
        unopened.add(() -> {
            unopened.clear();
            throw new IllegalStateException("not now");
        });
        onLoop(() -> {
            connect();
            publisher.request();
        });
        waitFor("published");
        onLoop(() -> {
            unopened.add(unopened::remove);
            heard.clear();
            publisher.request();
        });
        waitFor("published");
    }

    /** Takes a turn. */
    private void open() {
        unopened.remove();
        heard.add("opened");
        long started = System.nanoTime();
        while (System.nanoTime() - started < TURN_NANOS) {
            Thread.onSpinWait();
        }
    }

    private void waitFor(String what) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        boolean[] isThere = new boolean[1];
        while (!isThere[0]) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            onLoop(() -> isThere[0] = heard.contains(what));
        }
    }

    private void connect() {
        publisher.connect(
                List::of,
                version -> new ProxySnapshot(version, Map.of(), Map.of(), Map.of()),
                result -> {});
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).get(10, TimeUnit.SECONDS);
    }
}
