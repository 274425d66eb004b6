package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.server.plane.version.Lease;
import dev.attache.testkit.TestCertificates;
import dev.attache.xds.MainLoopThread;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A delivered secret whose files are replaced, well and badly, as pods and people do it. */
class SecretRotationTest {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");

    @TempDir private Path directory;

    private final StatsStore stats = new StatsStore();
    private final MainLoopThread loop = new MainLoopThread("rotation-test");
    private final FileWatcher files = new FileWatcher(loop);
    private final List<ResourceWatcher> watchers = new ArrayList<>();
    private int compiled;

    @BeforeEach
    void firstPair() throws IOException {
        swap(CA.leaf("CN=one").issue());
    }

    @AfterEach
    void stop() {
        files.close();
        loop.close();
    }

    /** As Kubernetes does it: the link {@code ..data} is moved to another folder. */
    private void swap(TestCertificates.Issued issued) throws IOException {
        swap(issued.chainPem(), issued.keyPem());
    }

    private void swap(byte[] chain, byte[] key) throws IOException {
        Path folder = Files.createTempDirectory(directory, "..v");
        Files.write(folder.resolve("chain.pem"), chain);
        Files.write(folder.resolve("key.pem"), key);
        Path link = directory.resolve("..new");
        Files.createSymbolicLink(link, folder.getFileName());
        Files.move(
                link,
                directory.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Secret secret() {
        return Secret.newBuilder()
                .setName("default")
                .setTlsCertificate(
                        TlsCertificate.newBuilder()
                                .setCertificateChain(file("chain.pem"))
                                .setPrivateKey(file("key.pem"))
                                .setWatchedDirectory(
                                        WatchedDirectory.newBuilder()
                                                .setPath(directory.toString())))
                .build();
    }

    private DataSource file(String name) {
        return DataSource.newBuilder()
                .setFilename(directory.resolve("..data").resolve(name).toString())
                .build();
    }

    private Compiled<TlsSecret.Certificate> compile(Secret secret) {
        compiled++;
        Diagnostics diagnostics = new Diagnostics("secret");
        TlsSecret.Certificate material;
        try {
            material =
                    new TlsSecret.Certificate(
                            Files.readAllBytes(
                                    Path.of(
                                            secret.getTlsCertificate()
                                                    .getCertificateChain()
                                                    .getFilename())),
                            Files.readAllBytes(
                                    Path.of(
                                            secret.getTlsCertificate()
                                                    .getPrivateKey()
                                                    .getFilename())),
                            null,
                            null,
                            null,
                            "chain",
                            "key");
        } catch (IOException e) {
            diagnostics.error("", "unable to read file: " + e.getMessage());
            return diagnostics.result(null);
        }
        String problem = material.problem();
        if (problem != null) {
            diagnostics.error("", problem);
        }
        return diagnostics.result(problem == null ? material : null);
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

    private Subscription subscribe(ResourceWatcher watcher) {
        watchers.add(watcher);
        return new Subscription() {
            @Override
            public void names(Set<String> changed) {}

            @Override
            public void close() {
                watchers.remove(watcher);
            }
        };
    }

    private SecretStore store() {
        SecretStore store =
                new SecretStore(
                        loop,
                        (source, type, names, watcher, statistics) -> subscribe(watcher),
                        stats,
                        files);
        store.start();
        return store;
    }

    private SecretRef<TlsSecret.Certificate> use(SecretStore store, Object kind, List<Lease> owner)
            throws Exception {
        Function<Secret, Compiled<TlsSecret.Certificate>> compiler = this::compile;
        SecretUse use = new SecretUse();
        SecretRef<TlsSecret.Certificate> reference =
                onLoop(() ->
                        use.of(() ->
                                store.subscribe(
                                        "default",
                                        ConfigSource.getDefaultInstance(),
                                        kind,
                                        compiler)));
        owner.addAll(use.leases());
        return reference;
    }

    private UpdateOutcome deliver(Secret secret) throws Exception {
        XdsResource resource = new XdsResource("default", List.of(), "1", Any.pack(secret), null);
        return onLoop(() -> watchers.getFirst().onState(List.of(resource), "1"));
    }

    private static String subject(SecretRef<TlsSecret.Certificate> reference) {
        TlsSecret.Certificate current = reference.current();
        return current == null || current.chainPem() == null
                ? ""
                : new String(current.chainPem(), java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static void until(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not within 10 s: " + what).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void filesAreFollowedAndWhatDoesNotFitIsCountedAndLeftOut() throws Exception {
        SecretStore store = store();
        List<Lease> owner = new ArrayList<>();
        SecretRef<TlsSecret.Certificate> reference = use(store, "kind", owner);
        assertThat(deliver(secret())).isEqualTo(UpdateOutcome.ACCEPTED);
        String first = subject(reference);
        assertThat(first).isNotEmpty();

        TestCertificates.Issued two = CA.leaf("CN=two").issue();
        TestCertificates.Issued three = CA.leaf("CN=three").issue();
        swap(two.chainPem(), three.keyPem());
        until(() -> failed() == 1, "a pair that does not fit");
        assertThat(subject(reference)).isEqualTo(first);

        // Half written: nothing but the beginning of the chain.
        swap(java.util.Arrays.copyOf(two.chainPem(), 100), two.keyPem());
        until(() -> failed() == 2, "a chain that is cut off");
        assertThat(subject(reference)).isEqualTo(first);

        swap(two);
        until(() -> !subject(reference).equals(first), "the second pair");
        assertThat(failed()).isEqualTo(2);

        // The same again is no rotation.
        int before = onLoop(() -> compiled);
        swap(two);
        Files.write(directory.resolve("marker.tmp"), new byte[1]);
        Files.move(directory.resolve("marker.tmp"), directory.resolve("marker"));
        String second = subject(reference);
        swap(three);
        until(() -> !subject(reference).equals(second), "the third pair");
        assertThat(onLoop(() -> compiled)).isEqualTo(before + 1);
        onLoop(() -> {
            owner.forEach(Lease::close);
            return null;
        });
        assertThat(watchers).isEmpty();
    }

    private long failed() {
        return stats.counter("sds.default.key_rotation_failed").value();
    }

    @Test
    void whoAsksForTheSameSharesOneReferenceCompiledOnce() throws Exception {
        SecretStore store = store();
        List<Lease> first = new ArrayList<>();
        List<Lease> second = new ArrayList<>();
        SecretRef<TlsSecret.Certificate> one = use(store, "kind", first);
        SecretRef<TlsSecret.Certificate> two = use(store, "kind", second);
        SecretRef<TlsSecret.Certificate> other = use(store, "other", second);
        assertThat(two).isSameAs(one);
        assertThat(other).isNotSameAs(one);
        deliver(secret());
        assertThat(onLoop(() -> compiled)).isEqualTo(2);
        assertThat(two.current()).isNotNull();
        onLoop(() -> {
            first.forEach(Lease::close);
            return null;
        });
        String before = subject(two);
        swap(CA.leaf("CN=next").issue());
        until(() -> !subject(two).equals(before), "who stays is still served");
    }

    @Test
    void oneUserThatCannotTakeASecretRefusesItForAll() throws Exception {
        SecretStore store = store();
        SecretRef<TlsSecret.Certificate> reference = use(store, "kind", new ArrayList<>());
        onLoop(() -> {
            reference.addCheck(secret -> "OCSP response is required");
            return null;
        });
        UpdateOutcome outcome = deliver(secret());
        assertThat(outcome).isNotEqualTo(UpdateOutcome.ACCEPTED);
        assertThat(reference.current()).isNull();
    }
}
