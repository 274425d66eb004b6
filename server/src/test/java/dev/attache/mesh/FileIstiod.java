package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod that reads its objects from files, which works without Kubernetes up to 1.29. */
final class FileIstiod implements Istiod {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final int xds = Ports.free();
    private final int http = Ports.free();
    private final Path objects;
    private final PeerProcess process;

    /**
     * @param mesh the mesh's configuration
     * @param environment more than Helm's defaults
     */
    FileIstiod(
            Path directory,
            Map<String, Object> mesh,
            Map<String, Object> networks,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        this.objects = Files.createDirectories(directory.resolve("objects"));
        Path meshFile = directory.resolve("mesh.yaml");
        Files.writeString(meshFile, Tree.json(mesh, false));
        Path networksFile = directory.resolve("networks.yaml");
        Files.writeString(networksFile, Tree.json(networks, false));
        Map<String, String> all = new HashMap<>(environment);
        all.put("POD_NAMESPACE", "istio-system");
        this.process =
                PeerProcess.start(
                        directory,
                        all,
                        List.of(
                                Peers.peer("pilot-discovery").toString(),
                                "discovery",
                                "--registries=",
                                "--configDir=" + objects,
                                "--meshConfig=" + meshFile,
                                "--networksConfig=" + networksFile,
                                "--domain=cluster.local",
                                "--clusterID=Kubernetes",
                                "--grpcAddr=127.0.0.1:" + xds,
                                "--secureGRPCAddr=127.0.0.1:" + Ports.free(),
                                "--httpAddr=127.0.0.1:" + http,
                                "--monitoringAddr=127.0.0.1:" + Ports.free(),
                                "--ctrlz_port=" + Ports.free()));
        // What is there at the start can miss the first push: objects come when it answers.
        if (!PeerProcess.eventually(PATIENCE, () -> !debug("syncz").isEmpty())) {
            String log = process.log();
            process.close();
            throw new IOException("istiod did not start:\n" + log);
        }
    }

    @Override
    public String version() {
        return "1.27.9";
    }

    @Override
    public int xds() {
        return xds;
    }

    @Override
    public int http() {
        return http;
    }

    @Override
    public void apply(List<Map<String, Object>> changed) throws IOException {
        for (Map<String, Object> object : changed) {
            Path written = Files.createTempFile(objects.getParent(), "object", ".yaml");
            Files.writeString(written, Tree.json(object, false));
            Files.move(written, file(object), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void delete(List<Map<String, Object>> gone) throws IOException {
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

    @Override
    public String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }
}
