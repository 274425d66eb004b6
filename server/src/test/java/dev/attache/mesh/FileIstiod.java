package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod that reads its objects from files, which works without Kubernetes up to 1.29. */
final class FileIstiod extends Istiod {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path objects;

    /**
     * Without objects: workloads that are there at the start never become endpoints.
     *
     * @param mesh the mesh's configuration
     * @param environment more than Helm's defaults
     */
    FileIstiod(
            Path directory,
            Map<String, Object> mesh,
            Map<String, Object> networks,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        super(
                IstioRelease.OLDER.version(),
                directory,
                IstioRelease.OLDER.istiod(),
                inNamespace(environment),
                List.of(
                        "--registries=",
                        "--configDir=" + Files.createDirectories(directory.resolve("objects")),
                        "--meshConfig=" + written(directory.resolve("mesh.yaml"), mesh),
                        "--networksConfig=" + written(directory.resolve("networks.yaml"), networks),
                        "--clusterID=Kubernetes"),
                PATIENCE);
        objects = directory.resolve("objects");
    }

    private static Map<String, String> inNamespace(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("POD_NAMESPACE", "istio-system");
        return all;
    }

    private static Path written(Path file, Map<String, Object> content) throws IOException {
        return Files.writeString(file, Tree.json(content, false));
    }

    /**
     * Services when their workloads are known: istiod 1.27 gives a workload that comes after two
     * services that select it only one of them.
     */
    @Override
    void apply(List<Map<String, Object>> changed) throws IOException, InterruptedException {
        List<Map<String, Object>> services = new ArrayList<>();
        List<String> workloads = new ArrayList<>();
        for (Map<String, Object> object : changed) {
            if ("ServiceEntry".equals(object.get("kind"))) {
                services.add(object);
                continue;
            }
            write(object);
            if ("WorkloadEntry".equals(object.get("kind"))) {
                workloads.add("\"" + Tree.map(object.get("metadata")).get("name") + "\"");
            }
        }
        if (!services.isEmpty() && !PeerProcess.eventually(PATIENCE, () -> knows(workloads))) {
            throw new IOException("istiod does not read " + workloads + ":\n" + log());
        }
        for (Map<String, Object> service : services) {
            write(service);
        }
    }

    private boolean knows(List<String> names) {
        return names.isEmpty() || names.stream().allMatch(debug("configz")::contains);
    }

    private void write(Map<String, Object> object) throws IOException {
        Path written = Files.createTempFile(objects.getParent(), "object", ".yaml");
        Files.writeString(written, Tree.json(object, false));
        Files.move(written, file(object), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    void delete(List<Map<String, Object>> gone) throws IOException {
        for (Map<String, Object> object : gone) {
            Files.delete(file(object));
        }
    }

    private Path file(Map<String, Object> object) {
        Map<String, Object> metadata = Tree.map(object.get("metadata"));
        return objects.resolve(
                "%s-%s-%s.yaml"
                        .formatted(
                                object.get("kind"),
                                metadata.get("namespace"),
                                metadata.get("name")));
    }
}
