package dev.attache.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the image.
 *
 * @param dist what is installed, as a tree from the root, with its Java runtime
 * @param system the files below all of it, where no base image is named
 * @param base an image of a registry instead of {@code system}, or null
 * @param files the image's own files
 * @param maven the list of jars that the CycloneDX plugin made
 * @param work a directory for archives and jib's caches
 * @param name what the image is called, with its tag
 * @param revision the commit, for a label
 */
record ImageBuild(
        Path dist,
        Path system,
        @Nullable String base,
        Path files,
        Path maven,
        Path work,
        String name,
        String revision) {

    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** The list of what is in the image, beside it. */
    Path materials() {
        return work.resolve("attache-image.cdx.json");
    }

    /** The image as a file. */
    Path archive() {
        return work.resolve("attache-image.tar");
    }

    /** Writes the image to {@link #archive}. */
    JibContainer toArchive()
            throws IOException, InterruptedException, ExecutionException, JibFailure {
        try {
            return build(Containerizer.to(TarImage.at(archive()).named(name)));
        } catch (InvalidImageReferenceException e) {
            throw new JibFailure("the image cannot be called " + name, e);
        }
    }

    /** Pushes it to the registry that its name says, as whom Docker's configuration knows. */
    JibContainer toRegistry()
            throws IOException, InterruptedException, ExecutionException, JibFailure {
        try {
            return build(Containerizer.to(registry(name)));
        } catch (InvalidImageReferenceException e) {
            throw new JibFailure("the image cannot be called " + name, e);
        }
    }

    private static RegistryImage registry(String name) throws InvalidImageReferenceException {
        ImageReference reference = ImageReference.parse(name);
        return RegistryImage.named(reference)
                .addCredentialRetriever(
                        CredentialRetrieverFactory.forImage(reference, event -> {}).dockerConfig());
    }

    private JibContainer build(Containerizer target)
            throws IOException, InterruptedException, ExecutionException, JibFailure {
        Files.createDirectories(work);
        Path status = system.resolve("var/lib/dpkg/status");
        Materials.write(maven, dist.resolve("usr/lib/attache/runtime"), status, materials());
        Path layers = work.resolve("jib/layers");
        forget(layers);
        target.setToolName("attache")
                .setAllowInsecureRegistries(Boolean.getBoolean("image.insecure"))
                .setBaseImageLayersCache(work.resolve("jib/base"))
                .setApplicationLayersCache(layers);
        try {
            return configured(from()).containerize(target);
        } catch (InvalidImageReferenceException e) {
            throw new JibFailure("no name of an image: " + base, e);
        } catch (com.google.cloud.tools.jib.api.RegistryException
                | com.google.cloud.tools.jib.api.CacheDirectoryCreationException e) {
            throw new JibFailure("jib: " + e.getMessage(), e);
        }
    }

    /** jib knows files by name and time, and the times of all builds are the same. */
    private static void forget(Path cache) throws IOException {
        if (Files.exists(cache)) {
            try (Stream<Path> all = Files.walk(cache)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private JibContainerBuilder from() throws IOException, InvalidImageReferenceException {
        if (base != null) {
            return Jib.from(registry(base));
        }
        Path archive = work.resolve("system.tar");
        SystemArchive.write(system, archive);
        return Jib.from(TarImage.at(archive));
    }

    /** What is said in the order of names: {@code Map.of} has another order in each process. */
    private JibContainerBuilder configured(JibContainerBuilder image) throws IOException {
        return image.setFileEntriesLayers(ImageContents.layers(dist, files, materials()))
                .setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.EPOCH)
                .setUser(ImageContents.USER)
                .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                .setEntrypoint(ImageContents.ENTRY)
                .setProgramArguments("envoy", "-c", "/etc/envoy/envoy.yaml")
                .setEnvironment(new TreeMap<>(Map.of("PATH", PATH, "LANG", "C.UTF-8")))
                .setExposedPorts(Port.tcp(10000))
                .setLabels(
                        new TreeMap<>(
                                Map.of(
                                        "org.opencontainers.image.title", "attache",
                                        "org.opencontainers.image.licenses", "Apache-2.0",
                                        "org.opencontainers.image.revision", revision)));
    }
}
