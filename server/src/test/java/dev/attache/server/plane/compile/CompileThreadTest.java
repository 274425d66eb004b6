package dev.attache.server.plane.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.xds.MainLoopThread;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CompileThreadTest {

    private final MainLoopThread loop = new MainLoopThread("loop-test");
    private final CompileThread thread = new CompileThread(loop);

    @AfterEach
    void close() {
        thread.close();
        loop.close();
    }

    private <T> CompletableFuture<T> compile(Supplier<T> compilation) {
        return CompletableFuture.supplyAsync(compilation, thread);
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }

    @Test
    void asksTheMainLoopFromItsOwnThread() throws Exception {
        assertThat(compile(() -> threadName() + " asks " + thread.ask(() -> threadName())).get())
                .isEqualTo("compile asks loop-test");
        CompletableFuture<String> onTheLoop = new CompletableFuture<>();
        loop.execute(() -> onTheLoop.complete(thread.ask(() -> "at once")));
        assertThat(onTheLoop.get()).isEqualTo("at once");
        assertThatThrownBy(() ->
                        compile(() ->
                                        thread.ask(() -> {
                                            throw new IllegalStateException("no such secret");
                                        }))
                                .get())
                .rootCause()
                .hasMessage("no such secret");
    }

    @Test
    void namesAreAskedForOnceAndOnlyByWhoWantsThem() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AskedNames names =
                new AskedNames(
                        thread,
                        () -> {
                            asked.incrementAndGet();
                            return Set.of("a");
                        });
        assertThat(asked).hasValue(0);
        assertThat(compile(() -> names.test("a") && !names.test("b")).get()).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatComesWhenThisIsClosedIsGivenUp() {
        thread.close();
        CompletableFuture<String> late = compile(() -> "compiled");
        assertThat(late).isNotDone();
    }

    @Test
    void aCompilationThatWaitsForALoopThatIsBusyEndsWhenThisIsClosed() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(1);
        CompletableFuture<Throwable> given = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.execute(() -> {
            asking.countDown();
            try {
                given.complete(new AssertionError(thread.ask(() -> "an answer")));
            } catch (CancellationException e) {
                given.complete(e);
            }
        });
        assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();
        thread.close();
        assertThat(given.get()).isInstanceOf(CancellationException.class);
        busy.countDown();
    }
}
