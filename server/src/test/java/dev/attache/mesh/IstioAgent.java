package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Istio's own agent with what an injected pod gives it, on loopback and without interception: it
 * writes the bootstrap, fetches the certificate and starts the proxy.
 */
final class IstioAgent implements AutoCloseable {
    private final int status = Ports.free();
    private final int admin = Ports.free();
    private final PeerProcess process;

    /**
     * Starts it, without waiting for it.
     *
     * @param root what istiod's certificate is checked with, PEM
     * @param token of the node's service account, for istiod
     */
    IstioAgent(
            IstioRelease release,
            Path directory,
            Path proxy,
            MeshNode node,
            Istiod istiod,
            String root,
            String token)
            throws IOException {
        AgentPod.secrets(directory, root, token);
        AgentPod.describe(directory, node.labels());
        // Where an image has them.
        for (String each : List.of("etc/istio/proxy", "var/run/secrets/workload-spiffe-uds")) {
            Files.createDirectories(directory.resolve(each));
        }
        List<String> command =
                List.of(
                        release.agent().toString(),
                        "proxy",
                        node.type(),
                        "--domain=" + node.namespace() + ".svc.cluster.local",
                        "--proxyLogLevel=warning",
                        "--proxyComponentLogLevel=misc:error",
                        "--log_output_level=default:info");
        process =
                PeerProcess.start(
                        directory, environment(release, directory, proxy, node, istiod), command);
    }

    private Map<String, String> environment(
            IstioRelease release, Path directory, Path proxy, MeshNode node, Istiod istiod) {
        String server = "localhost:" + istiod.secure();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("binaryPath", proxy.toString());
        config.put("concurrency", 1);
        config.put("discoveryAddress", server);
        config.put("statusPort", status);
        config.put("proxyAdminPort", admin);
        // For the end of a test.
        config.put("terminationDrainDuration", "1s");
        Map<String, String> all =
                AgentPod.environment(node.name(), node.namespace(), node.address());
        all.put("HOME", directory.toString());
        all.put("HOST_IP", "127.0.0.1");
        all.put("PILOT_CERT_PROVIDER", "istiod");
        all.put("CA_ADDR", server);
        all.put("TRUST_DOMAIN", "cluster.local");
        all.put("PROXY_CONFIG", Tree.json(config, false));
        all.put("ISTIO_BOOTSTRAP", release.chart().resolve("envoy_bootstrap.json").toString());
        all.put("ISTIO_META_MESH_ID", "cluster.local");
        all.put("ISTIO_META_INTERCEPTION_MODE", "REDIRECT");
        all.put("ISTIO_META_WORKLOAD_NAME", node.name());
        all.put("ISTIO_META_POD_PORTS", "[]");
        all.put("ISTIO_META_APP_CONTAINERS", "app");
        all.put("ENVOY_STATUS_PORT", String.valueOf(Ports.free()));
        all.put("ENVOY_PROMETHEUS_PORT", String.valueOf(Ports.free()));
        return all;
    }

    /** The port of the proxy's admin interface. */
    int admin() {
        return admin;
    }

    /** What the agent says to a kubelet's probe. */
    boolean ready() {
        try {
            var url = URI.create("http://127.0.0.1:" + status + "/healthz/ready").toURL();
            HttpURLConnection probe = (HttpURLConnection) url.openConnection();
            probe.setReadTimeout(3000);
            return probe.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }
}
