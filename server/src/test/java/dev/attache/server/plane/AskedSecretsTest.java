package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.version.Warmup;
import dev.attache.xds.MainLoopThread;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.client.Subscription;
import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Secrets are asked for on the main loop, whichever thread compiles, and kept for who asked. */
@Timeout(30)
class AskedSecretsTest {

    private final MainLoopThread loop = new MainLoopThread("loop-test");
    private final CompileThread thread = new CompileThread(loop);
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final SecretStore store =
            new SecretStore(loop, this::subscribe, new StatsStore(), new FileWatcher(loop));
    private final AskedSecrets asked = new AskedSecrets(thread, store);

    @AfterEach
    void close() {
        thread.close();
        loop.close();
    }

    @Test
    void aCompilationBesideTheMainLoopKeepsWhatItTakes() throws Exception {
        onLoop(() -> {
            store.start();
            return null;
        });
        Compilation<String> beside =
                CompletableFuture.supplyAsync(() -> compile("beside"), thread).get();
        Compilation<String> here = onLoop(() -> compile("here"));
        assertThat(onLoop(() -> beside.secrets().leases()))
                .as("neither has the other's")
                .hasSize(1)
                .doesNotContainAnyElementsOf(here.secrets().leases());
        Warmup warmup = new Warmup("listener", () -> {});
        onLoop(() -> {
            beside.secrets().await(warmup);
            return null;
        });
        assertThat(warmup.pending()).containsExactly("SdsApi beside");
        assertThat(subscriptions).hasValue(2);
        onLoop(() -> {
            beside.secrets().close();
            here.secrets().close();
            return null;
        });
        assertThat(subscriptions).hasValue(0);
    }

    @Test
    void whatACompilerThrowsRefusesTheResource() {
        Compilation<String> failed =
                Compilation.of(
                        "listener 'a'",
                        () -> {
                            throw new IllegalStateException("a mistake");
                        });
        assertThat(failed.result())
                .isInstanceOfSatisfying(
                        Compiled.Rejected.class,
                        refused -> assertThat(refused.summary()).contains("a mistake"));
    }

    private Compilation<String> compile(String secret) {
        return Compilation.of(
                "listener 'a'",
                () -> {
                    asked.<TlsSecret>subscribe(
                            secret,
                            ConfigSource.getDefaultInstance(),
                            "kind",
                            any -> Compiled.rejected(Diagnostic.error("test", "", "not here")));
                    return Compiled.ok(secret);
                });
    }

    private <T> T onLoop(Callable<T> action) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(10, TimeUnit.SECONDS);
    }

    private Subscription subscribe(
            ConfigSource source,
            ResourceType type,
            Set<String> names,
            ResourceWatcher watcher,
            SubscriptionStats counts) {
        subscriptions.incrementAndGet();
        return new Subscription() {
            @Override
            public void names(Set<String> changed) {}

            @Override
            public void close() {
                subscriptions.decrementAndGet();
            }
        };
    }
}
