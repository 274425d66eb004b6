package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod on an API server. */
final class KubernetesIstiod implements Istiod {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int xds = Ports.free();
    private final int http = Ports.free();
    private final KubernetesServers kubernetes;
    private final PeerProcess process;

    /**
     * @param webhooks the port where it serves them
     * @param environment more than Helm's defaults
     */
    KubernetesIstiod(
            Path directory,
            KubernetesServers kubernetes,
            int webhooks,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        this.kubernetes = kubernetes;
        Map<String, String> all = new HashMap<>();
        all.put("POD_NAME", "istiod-1");
        all.put("POD_NAMESPACE", "istio-system");
        all.put("SERVICE_ACCOUNT", "istiod");
        all.put("REVISION", "default");
        all.put("PILOT_CERT_PROVIDER", "istiod");
        all.put("CLUSTER_ID", "Kubernetes");
        all.put("ISTIOD_CUSTOM_HOST", "localhost");
        all.put("PILOT_TRACE_SAMPLING", "1.0");
        all.put("CA_TRUSTED_NODE_ACCOUNTS", "istio-system/ztunnel");
        all.putAll(environment);
        this.process =
                PeerProcess.start(
                        Files.createDirectories(directory),
                        all,
                        new ArrayList<>(
                                List.of(
                                        KubernetesServers.program("pilot-discovery-1.31")
                                                .toString(),
                                        "discovery",
                                        "--kubeconfig=" + kubernetes.access(),
                                        "--domain=cluster.local",
                                        "--grpcAddr=127.0.0.1:" + xds,
                                        "--secureGRPCAddr=127.0.0.1:" + Ports.free(),
                                        "--httpAddr=127.0.0.1:" + http,
                                        "--httpsAddr=127.0.0.1:" + webhooks,
                                        "--monitoringAddr=127.0.0.1:" + Ports.free(),
                                        "--ctrlz_port=" + Ports.free())));
        if (!PeerProcess.eventually(PATIENCE, () -> !debug("syncz").isEmpty())) {
            String log = process.log();
            process.close();
            throw new IOException("istiod did not start:\n" + log);
        }
    }

    @Override
    public String version() {
        return "1.31.0";
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
    public void apply(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        kubernetes.api().apply(objects);
    }

    @Override
    public void delete(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        kubernetes.api().delete(objects);
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
