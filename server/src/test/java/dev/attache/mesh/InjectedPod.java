package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a kubelet that an injected pod's proxy needs, without containers: reads the pod back
 * from the API server as istiod's webhook left it, lays out the volumes, with a token that is bound
 * to the pod, and starts an agent with the arguments and the environment of {@code istio-proxy}.
 */
final class InjectedPod implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ISTIOD = "istiod.istio-system.svc:15012";

    private final KubernetesApi api;
    private final String name;
    private final Path home;
    private final Map<String, Object> pod;
    private final Map<String, Object> container;
    private final PeerProcess process;

    /**
     * Starts it, without waiting for it.
     *
     * @param name of the pod, in the namespace {@code default}
     * @param istiod stands for the name that istiod has in the cluster
     * @param agent the program with what comes before the injected arguments
     * @param image more variables, which an image would have
     */
    InjectedPod(
            KubernetesApi api,
            String name,
            Path home,
            Istiod istiod,
            List<String> agent,
            Map<String, String> image)
            throws IOException, InterruptedException {
        this.api = api;
        this.name = name;
        this.home = Files.createDirectories(home);
        this.pod = api.get(place());
        Map<String, Object> spec = spec();
        this.container = proxy(spec);
        Map<String, String> variables = environment("localhost:" + istiod.secure());
        Map<String, Map<String, Object>> volumes = new HashMap<>();
        for (Object each : Tree.list(spec.get("volumes"))) {
            volumes.put(Tree.text(Tree.map(each).get("name"), ""), Tree.map(each));
        }
        for (Object each : Tree.list(container.get("volumeMounts"))) {
            Map<String, Object> mount = Tree.map(each);
            String path = Tree.text(mount.get("mountPath"), "");
            Object volume = volumes.get(Tree.text(mount.get("name"), ""));
            layOut(this.home.resolve(path.substring(1)), Tree.map(volume));
        }
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(image);
        all.put("CLOUD_PLATFORM", "none");
        List<String> command = new ArrayList<>(agent);
        Tree.strings(container.get("args")).forEach(each -> command.add(expanded(each, variables)));
        process = PeerProcess.start(this.home, all, command);
    }

    private String place() {
        return "/api/v1/namespaces/default/pods/" + name;
    }

    private Map<String, Object> spec() {
        return Tree.map(pod.get("spec"));
    }

    private static Map<String, Object> proxy(Map<String, Object> spec) throws IOException {
        for (String part : List.of("containers", "initContainers")) {
            for (Object each : Tree.list(spec.get(part))) {
                if ("istio-proxy".equals(Tree.map(each).get("name"))) {
                    return Tree.map(each);
                }
            }
        }
        throw new IOException("nothing was injected into the pod: " + spec);
    }

    private Map<String, String> environment(String istiod) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (Object one : Tree.list(container.get("env"))) {
            Map<String, Object> each = Tree.map(one);
            String text = Tree.text(each.get("value"), "");
            if (each.containsKey("valueFrom")) {
                Map<String, Object> source = Tree.map(each.get("valueFrom"));
                text =
                        source.containsKey("fieldRef")
                                ? field(Tree.map(source.get("fieldRef")))
                                : "1"; // of processors or of bytes, which no part of a test asks
            }
            values.put(
                    Tree.text(each.get("name"), ""),
                    expanded(text, values).replace(ISTIOD, istiod));
        }
        Map<String, Object> config =
                new LinkedHashMap<>(
                        Tree.map(Tree.parse(values.getOrDefault("PROXY_CONFIG", "{}"))));
        config.put("discoveryAddress", istiod);
        config.put("binaryPath", Peers.subject().toString());
        values.put("PROXY_CONFIG", Tree.json(config, false));
        return values;
    }

    private static String expanded(String text, Map<String, String> values) {
        String result = text;
        for (Map.Entry<String, String> each : values.entrySet()) {
            result = result.replace("$(" + each.getKey() + ")", each.getValue());
        }
        return result;
    }

    /** What a fieldRef says: text, or a line for each entry of a whole map. */
    private String field(Map<String, Object> reference) {
        String path = Tree.text(reference.get("fieldPath"), "");
        int key = path.indexOf("['");
        Object value = pod;
        for (String part : (key < 0 ? path : path.substring(0, key)).split("\\.")) {
            value = Tree.map(value).getOrDefault(part, "");
        }
        if (key >= 0) {
            return Tree.text(Tree.map(value).get(path.substring(key + 2, path.length() - 2)), "");
        }
        return value instanceof Map<?, ?> map
                ? map.entrySet().stream()
                        .map(each -> each.getKey() + "=" + Tree.json(each.getValue(), false))
                        .collect(Collectors.joining("\n"))
                : value.toString();
    }

    /** A volume, or a source of a projected one. */
    private void layOut(Path place, Map<String, Object> volume)
            throws IOException, InterruptedException {
        Files.createDirectories(place);
        if (volume.containsKey("configMap")) {
            configMap(place, Tree.map(volume.get("configMap")));
        }
        for (Object each : Tree.list(Tree.map(volume.get("downwardAPI")).get("items"))) {
            Map<String, Object> item = Tree.map(each);
            Files.writeString(
                    place.resolve(Tree.text(item.get("path"), "")),
                    field(Tree.map(item.get("fieldRef"))));
        }
        Map<String, Object> token = Tree.map(volume.get("serviceAccountToken"));
        if (!token.isEmpty()) {
            Files.writeString(
                    place.resolve(Tree.text(token.get("path"), "")),
                    token(Tree.text(token.get("audience"), "")));
        }
        for (Object each : Tree.list(Tree.map(volume.get("projected")).get("sources"))) {
            layOut(place, Tree.map(each));
        }
    }

    private void configMap(Path place, Map<String, Object> reference)
            throws IOException, InterruptedException {
        String map = "/api/v1/namespaces/default/configmaps/" + reference.get("name");
        // istiod puts its root into each namespace, some time after it has started.
        boolean wanted = !Tree.flag(reference.get("optional"));
        if (wanted && !PeerProcess.eventually(PATIENCE, () -> !api.get(map).isEmpty())) {
            throw new IOException("no " + map);
        }
        for (var each : Tree.map(api.get(map).get("data")).entrySet()) {
            Files.writeString(place.resolve(each.getKey()), Tree.text(each.getValue(), ""));
        }
    }

    private String token(String audience) throws IOException, InterruptedException {
        Map<String, Object> bound =
                Map.of("kind", "Pod", "apiVersion", "v1", "name", name, "uid", uid());
        String account = Tree.text(spec().get("serviceAccountName"), "");
        return api.token("default", account, audience, bound);
    }

    String name() {
        return name;
    }

    String uid() {
        return Tree.text(Tree.map(pod.get("metadata")).get("uid"), "");
    }

    /** Deletes the pod on the API server; its agent goes on. */
    void forget() throws IOException, InterruptedException {
        api.delete(List.of(pod));
    }

    String log() {
        try {
            return name + ":\n" + process.log();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Lines of its output with a text. */
    List<String> lines(String text) {
        try (Stream<String> lines = log().lines()) {
            return lines.filter(line -> line.contains(text)).toList();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
