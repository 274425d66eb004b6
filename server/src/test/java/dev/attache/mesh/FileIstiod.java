package dev.attache.mesh;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod that reads its objects from files, which works without Kubernetes up to 1.29. */
final class FileIstiod extends Istiod {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path objects;

    /**
     * Without objects: what is there at the start can miss the first push.
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
                "1.27.9",
                directory,
                Peers.peer("pilot-discovery"),
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

    @Override
    void apply(List<Map<String, Object>> changed) throws IOException {
        for (Map<String, Object> object : changed) {
            Path written = Files.createTempFile(objects.getParent(), "object", ".yaml");
            Files.writeString(written, Tree.json(object, false));
            Files.move(written, file(object), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
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
