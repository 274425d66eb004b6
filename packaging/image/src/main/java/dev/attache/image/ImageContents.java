package dev.attache.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is where in the image, above the system: layers in the order in which they change less
 * often, so that a new version of Attache shares the runtime's with the last.
 */
final class ImageContents {
    /** Where an installed Attache is, in packages as in the image. */
    private static final String HOME = "/usr/lib/attache";

    /** The user of Istio's proxies, in numbers: Kubernetes checks them by {@code runAsNonRoot}. */
    static final String USER = "1337:1337";

    static final String ENTRY = "/docker-entrypoint.sh";

    /**
     * Names under which the entry's script is found: Istio's hooks and Envoy's manifests call them.
     */
    private static final List<String> NAMES =
            List.of(
                    ENTRY,
                    "/usr/local/bin/envoy",
                    "/usr/local/bin/pilot-agent",
                    "/usr/local/bin/attache");

    /** Directories of the proxy's user; volumes of pods stand over some of them. */
    private static final List<String> OWNED =
            List.of(
                    "/etc/istio",
                    "/etc/istio/proxy",
                    "/var/lib/istio",
                    "/var/lib/istio/data",
                    "/var/lib/attache",
                    "/var/log/attache");

    private static final Instant EARLY = Instant.ofEpochSecond(1);

    private ImageContents() {}

    /**
     * The layers.
     *
     * @param dist what is installed, as a tree from the root
     * @param files the image's own files, below this directory as below its root
     * @param materials the list of what is inside, in CycloneDX's form
     * @throws IOException when a directory cannot be read
     */
    static List<FileEntriesLayer> layers(Path dist, Path files, Path materials) throws IOException {
        Predicate<Path> runtime = each -> each.startsWith("usr/lib/attache/runtime");
        Predicate<Path> caches = each -> each.toString().endsWith(".aot");
        // The agent's cache has the proxy's classes, too; the launcher takes it for both.
        Predicate<Path> needless = each -> each.endsWith("proxy.aot");
        List<FileEntry> own = new ArrayList<>();
        Path entry = files.resolve("docker-entrypoint.sh");
        for (String name : NAMES) {
            own.add(entry(entry, name, EARLY, "0:0"));
        }
        own.addAll(below(files.resolve("etc"), "/etc", any -> true, EARLY));
        own.add(entry(materials, HOME + "/sbom.cdx.json", EARLY, "0:0"));
        for (String each : OWNED) {
            own.add(entry(files, each, EARLY, USER));
        }
        return List.of(
                layer("runtime", below(dist, "", runtime, null)),
                layer("attache", below(dist, "", runtime.or(caches).negate(), null)),
                layer("caches", below(dist, "", caches.and(needless.negate()), null)),
                layer("image", own));
    }

    private static FileEntriesLayer layer(String name, List<FileEntry> entries) {
        return FileEntriesLayer.builder().setName(name).setEntries(entries).build();
    }

    /**
     * All files of a directory that are wanted by their relative path.
     *
     * @param time of all, or null for each file's own: an AOT cache knows the times of its jars
     */
    private static List<FileEntry> below(
            Path from, String to, Predicate<Path> wanted, @Nullable Instant time)
            throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path each : walk.sorted().toList()) {
                Path relative = from.relativize(each);
                // Links are the names in /usr/bin, instead of which there are NAMES.
                if (!Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)
                        || !wanted.test(relative)) {
                    continue;
                }
                Instant at = time == null ? Files.getLastModifiedTime(each).toInstant() : time;
                entries.add(entry(each, to + "/" + relative, at, "0:0"));
            }
        }
        return entries;
    }

    private static FileEntry entry(Path source, String path, Instant time, String owner) {
        boolean open = Files.isDirectory(source) || Files.isExecutable(source);
        return new FileEntry(
                source,
                AbsoluteUnixPath.get(path),
                FilePermissions.fromOctalString(open ? "755" : "644"),
                time,
                owner);
    }
}
