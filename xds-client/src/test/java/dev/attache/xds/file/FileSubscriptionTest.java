package dev.attache.xds.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.MainLoopThread;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSubscriptionTest implements ResourceWatcher {

    private final MainLoopThread loop = new MainLoopThread("file-test");
    private final FileWatcher files = new FileWatcher(loop);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        files.close();
        loop.close();
    }

    @Test
    void readsAtTheStartAndAfterAMoveButNotAfterAWrite(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("cds.pb");
        write(file, "1", "a");
        subscribe(file, null, Set.of());
        assertThat(next()).isEqualTo("1 [a]");

        write(file, "2", "b");
        Path fresh = dir.resolve("other");
        write(fresh, "3", "c", "d");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        // Had the write been noticed, it would have been heard first.
        assertThat(next()).isEqualTo("3 [c, d]");
    }

    @Test
    void readsWhenAnythingIsMovedIntoTheWatchedDirectory(@TempDir Path dir) throws Exception {
        Path mount = Files.createDirectory(dir.resolve("mount"));
        Path first = Files.createDirectory(mount.resolve("..v1"));
        Path second = Files.createDirectory(mount.resolve("..v2"));
        write(first.resolve("cds.pb"), "1", "a");
        write(second.resolve("cds.pb"), "2", "b");
        Files.createSymbolicLink(mount.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(mount.resolve("cds.pb"), Path.of("..data/cds.pb"));
        subscribe(mount.resolve("cds.pb"), mount, Set.of());
        assertThat(next()).isEqualTo("1 [a]");

        Files.createSymbolicLink(mount.resolve("..tmp"), second.getFileName());
        Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(next()).isEqualTo("2 [b]");
    }

    @Test
    void readsAsOftenAsTheIntervalSaysWhateverHasHappened(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("cds.pb");
        write(file, "1", "a");
        subscribe(new FileSource(file, null, Duration.ofMillis(20)), Set.of());
        assertThat(next()).isEqualTo("1 [a]");
        assertThat(next()).isEqualTo("1 [a]");
        write(file, "2", "b");
        String heardLast = next();
        while (!"2 [b]".equals(heardLast)) {
            // What was read while it was being written is an empty or a broken file.
            assertThat(heardLast).isNotNull();
            heardLast = next();
        }
    }

    @Test
    void keepsWhatItHasWhenTheNewFileCannotBeRead(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("cds.pb");
        write(file, "1", "a", "b");
        subscribe(file, null, Set.of("b"));
        assertThat(next()).isEqualTo("1 [b]");
        Path broken = Files.write(dir.resolve("broken"), new byte[] {0x12, 0x7f});
        Files.move(broken, file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(next()).startsWith("UPDATE_REJECTED ");
    }

    @Test
    void refusesAFileThatDoesNotExist(@TempDir Path dir) {
        assertThatThrownBy(() -> subscribe(dir.resolve("none.pb"), null, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist");
    }

    private void subscribe(Path file, Path watched, Set<String> names) throws IOException {
        subscribe(new FileSource(file, watched, Duration.ZERO), names);
    }

    private void subscribe(FileSource source, Set<String> names) throws IOException {
        new FileSubscription(
                loop,
                files,
                ResourceType.CLUSTER,
                source,
                path -> DiscoveryResponse.parseFrom(Files.readAllBytes(path)),
                names,
                this,
                SubscriptionStats.NONE,
                UpdateJournal.Stream.NONE);
    }

    private String next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    private static void write(Path file, String version, String... names) throws IOException {
        DiscoveryResponse.Builder response =
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(ResourceType.CLUSTER.typeUrl())
                        .setVersionInfo(version);
        for (String name : names) {
            response.addResources(Any.pack(Cluster.newBuilder().setName(name).build()));
        }
        Files.write(file, response.build().toByteArray());
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        heard.add(version + " " + resources.stream().map(XdsResource::name).toList());
        return UpdateOutcome.ACCEPTED;
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        throw new AssertionError("files send no differences");
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        heard.add(reason + " " + detail);
    }
}
