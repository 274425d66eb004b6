package dev.attache.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of a few files, read back from its archive. */
final class ImageBuildTest {
    private static final Instant BUILT = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir Path directory;

    @BeforeEach
    void files() throws IOException {
        file("dist/usr/lib/attache/attache", "the launcher", true);
        file("dist/usr/lib/attache/lib/attache-server.jar", "a jar", false);
        file("dist/usr/lib/attache/proxy.aot", "a cache", false);
        file("dist/usr/lib/attache/runtime/release", "JAVA_VERSION=\"25.0.1\"\n", false);
        file("dist/usr/lib/attache/runtime/bin/java", "a JVM", true);
        file("dist/usr/lib/attache/agent.aot", "a cache", false);
        file("dist/usr/share/doc/attache/LICENSE", "a licence", false);
        file("files/docker-entrypoint.sh", "an entry", true);
        file("files/etc/envoy/envoy.yaml", "{}", false);
        file("maven.json", "{\"bomFormat\": \"CycloneDX\", \"components\": []}", false);
        file("system/usr/bin/bash", "a shell", true);
        file(
                "system/var/lib/dpkg/status",
                "Package: bash\nVersion: 5.2-1+b1\nArchitecture: amd64\nDescription: a\n shell: x\n\n",
                false);
        Files.createSymbolicLink(directory.resolve("system/bin"), Path.of("usr/bin"));
        Files.createDirectory(directory.resolve("system/tmp"));
        Files.setPosixFilePermissions(
                directory.resolve("system/tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void file(String name, String text, boolean program) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r-----"));
        Files.setLastModifiedTime(file, FileTime.from(BUILT));
    }

    private ImageBuild image(String work) {
        return new ImageBuild(
                directory.resolve("dist"),
                directory.resolve("system"),
                null,
                directory.resolve("files"),
                directory.resolve("maven.json"),
                directory.resolve(work),
                "example.test/attache:1",
                "abc");
    }

    @Test
    void hasWhatIsInstalledAboveTheSystem() throws Exception {
        ImageBuild build = image("one");
        build.toArchive();
        Map<String, TarArchiveEntry> files = new TreeMap<>();
        JsonObject config = read(build.archive(), files);

        assertThat(files)
                .containsKeys(
                        "usr/lib/attache/attache",
                        "usr/lib/attache/lib/attache-server.jar",
                        "usr/lib/attache/agent.aot",
                        "usr/share/doc/attache/LICENSE",
                        "usr/lib/attache/runtime/bin/java",
                        "usr/lib/attache/sbom.cdx.json",
                        "usr/local/bin/envoy",
                        "usr/local/bin/pilot-agent",
                        "etc/envoy/envoy.yaml",
                        "docker-entrypoint.sh")
                .doesNotContainKeys("usr/lib/attache/proxy.aot");
        assertThat(files.get("bin").getLinkName()).isEqualTo("usr/bin");
        assertThat(files.get("tmp/").getMode() & 07777).isEqualTo(01777);
        assertThat(files.get("usr/bin/bash").getMode() & 07777).isEqualTo(0755);
        assertThat(files.get("usr/lib/attache/lib/attache-server.jar").getMode() & 07777)
                .isEqualTo(0644);
        assertThat(files.get("etc/istio/proxy/").getLongUserId()).isEqualTo(1337);
        assertThat(files.get("usr/lib/attache/lib/attache-server.jar").getLongUserId()).isZero();
        // An AOT cache is passed over where a jar is not as old as it was.
        assertThat(files.get("usr/lib/attache/lib/attache-server.jar").getLastModifiedTime())
                .isEqualTo(FileTime.from(BUILT));

        JsonObject started = config.getAsJsonObject("config");
        assertThat(started.get("User").getAsString()).isEqualTo("1337:1337");
        assertThat(started.get("Entrypoint").toString()).isEqualTo("[\"/docker-entrypoint.sh\"]");
        assertThat(config.get("architecture").getAsString()).isEqualTo("amd64");
    }

    @Test
    void isTheSameWhenItIsBuiltAgain() throws Exception {
        var first = image("one").toArchive().getDigest();
        Path system = directory.resolve("system/usr/bin/bash");
        Files.setLastModifiedTime(system, FileTime.from(Instant.now()));
        assertThat(image("two").toArchive().getDigest()).isEqualTo(first);
        assertThat(image("one").archive()).hasSameBinaryContentAs(image("two").archive());

        Files.writeString(system, "another shell");
        assertThat(image("three").toArchive().getDigest()).isNotEqualTo(first);
    }

    /** The dates of an installed tree are the same in every build. */
    @Test
    void takesNoLayerOfAnEarlierBuildForItsOwn() throws Exception {
        var first = image("one").toArchive().getDigest();
        file("dist/usr/lib/attache/agent.aot", "b cache", false);
        assertThat(image("one").toArchive().getDigest()).isNotEqualTo(first);
    }

    @Test
    void listsTheRuntimeAndThePackages() throws Exception {
        ImageBuild build = image("one");
        build.toArchive();
        assertThat(Files.readString(build.materials()))
                .contains("pkg:deb/debian/bash@5.2-1%2Bb1?arch=amd64")
                .contains("pkg:generic/openjdk@25.0.1");
    }

    /** The configuration; the entries of all layers, of which later ones win. */
    private static JsonObject read(Path archive, Map<String, TarArchiveEntry> files)
            throws IOException {
        Map<String, byte[]> parts = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry each = tar.getNextEntry();
                    each != null;
                    each = tar.getNextEntry()) {
                parts.put(each.getName(), tar.readAllBytes());
            }
        }
        JsonElement index = json(parts.get("index.json"));
        JsonObject manifest =
                json(blob(
                                parts,
                                index.getAsJsonObject()
                                        .getAsJsonArray("manifests")
                                        .get(0)
                                        .getAsJsonObject()))
                        .getAsJsonObject();
        for (JsonElement each : manifest.getAsJsonArray("layers")) {
            InputStream bytes = new ByteArrayInputStream(blob(parts, each.getAsJsonObject()));
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new GZIPInputStream(bytes))) {
                for (TarArchiveEntry entry = tar.getNextEntry();
                        entry != null;
                        entry = tar.getNextEntry()) {
                    files.put(entry.getName(), entry);
                }
            }
        }
        return json(blob(parts, manifest.getAsJsonObject("config"))).getAsJsonObject();
    }

    private static byte[] blob(Map<String, byte[]> parts, JsonObject descriptor) {
        return parts.get("blobs/" + descriptor.get("digest").getAsString().replace(':', '/'));
    }

    private static JsonElement json(byte[] text) {
        return JsonParser.parseString(new String(text, StandardCharsets.UTF_8));
    }
}
