package dev.attache.mesh;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod on an API server. */
final class KubernetesIstiod extends Istiod {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KubernetesServers kubernetes;

    /**
     * @param webhooks the port where it serves them
     * @param environment more than Helm's defaults
     */
    KubernetesIstiod(
            IstioRelease release,
            Path directory,
            KubernetesServers kubernetes,
            int webhooks,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        super(
                release.version(),
                directory,
                release.istiod(),
                withDefaults(environment),
                List.of("--kubeconfig=" + kubernetes.access(), "--httpsAddr=127.0.0.1:" + webhooks),
                PATIENCE);
        this.kubernetes = kubernetes;
    }

    private static Map<String, String> withDefaults(Map<String, String> environment) {
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
        return all;
    }

    @Override
    void apply(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        kubernetes.api().apply(objects);
    }

    @Override
    void delete(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        kubernetes.api().delete(objects);
    }
}
