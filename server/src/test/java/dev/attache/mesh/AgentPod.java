package dev.attache.mesh;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a pod gives to its agent, whichever agent that is; and how ours is called. */
final class AgentPod {
    private AgentPod() {}

    /**
     * Variables that any pod has.
     *
     * @param name the pod's, and its service account's
     * @param address the pod's
     * @return to be added to
     */
    static Map<String, String> environment(String name, String namespace, String address) {
        Map<String, String> all = new HashMap<>();
        all.put("POD_NAME", name);
        all.put("POD_NAMESPACE", namespace);
        all.put("SERVICE_ACCOUNT", name);
        all.put("INSTANCE_IP", address);
        all.put("CLOUD_PLATFORM", "none");
        all.put("ISTIO_META_CLUSTER_ID", "Kubernetes");
        return all;
    }

    /**
     * A directory for an agent, with a mesh file.
     *
     * @param controlPlane its port
     */
    static Path home(Path directory, String name, int controlPlane) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(home.resolve("etc/istio/config"));
        Files.writeString(
                home.resolve("etc/istio/config/mesh"),
                "defaultConfig: {discoveryAddress: 'localhost:%d', statusPort: %d}"
                        .formatted(controlPlane, Ports.free()));
        return home;
    }

    /** Writes the files by which a pod is described, into the agent's directory. */
    static void describe(Path home, Map<String, String> labels) throws IOException {
        Path pod = Files.createDirectories(home.resolve("etc/istio/pod"));
        Files.writeString(
                pod.resolve("labels"),
                labels.entrySet().stream()
                        .map(each -> each.getKey() + "=\"" + each.getValue() + "\"")
                        .collect(Collectors.joining("\n")));
        Files.writeString(pod.resolve("annotations"), "");
    }

    /**
     * Writes what a pod has for istiod, into the agent's directory.
     *
     * @param root what istiod's certificate is checked with, PEM
     * @param token of the pod's service account
     */
    static void secrets(Path home, String root, String token) throws IOException {
        Path secrets = home.resolve("var/run/secrets");
        Files.createDirectories(secrets.resolve("istio"));
        Files.writeString(secrets.resolve("istio/root-cert.pem"), root);
        Files.createDirectories(secrets.resolve("tokens"));
        Files.writeString(secrets.resolve("tokens/istio-token"), token);
    }

    /** The command of Attache's agent; Istio's is {@link IstioRelease#agent}. */
    static List<String> ours(String... more) {
        return Stream.concat(
                        Stream.of(Peers.subject().toString(), "agent", "proxy"), Stream.of(more))
                .toList();
    }

    /**
     * A command whose {@code /etc/resolv.conf} is another file, in a space of files of its own; for
     * root only.
     */
    static List<String> withNameServers(Path servers, List<String> command) {
        return Stream.concat(
                        Stream.of(
                                "/usr/bin/unshare",
                                "-m",
                                "--propagation",
                                "private",
                                "sh",
                                "-c",
                                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                                servers.toString()),
                        command.stream())
                .toList();
    }
}
