package dev.attache.agent.mesh;

import dev.attache.agent.document.DownwardApi;
import dev.attache.agent.document.Json;
import dev.attache.agent.document.Yaml;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts the {@link ProxyConfig} together, each source laid over the one before it: defaults, {@code
 * defaultConfig} of the mesh file, the variable {@code PROXY_CONFIG}, the annotation {@code
 * proxy.istio.io/config}, single annotations. Fields are replaced whole, but for entries of {@code
 * proxyMetadata}. One use each; one thread.
 */
public final class ProxyConfigSources {

    /** The annotation that holds a ProxyConfig. */
    public static final String CONFIG_ANNOTATION = "proxy.istio.io/config";

    private static final String DISCOVERY_ANNOTATION = "sidecar.istio.io/discoveryAddress";
    private static final String PORT_ANNOTATION = "status.sidecar.istio.io/port";
    private static final String MESH_MESSAGE = "mesh.v1alpha1.MeshConfig";

    private final Environment environment;
    private final AgentFiles files;
    private final MessageReader reader = new MessageReader();
    private final List<String> warnings = new ArrayList<>();

    public ProxyConfigSources(Environment environment, AgentFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /**
     * What is in force.
     *
     * @param meshFile as {@code --meshConfig} names it; nothing is said where there is none
     * @param serviceCluster what {@code --serviceCluster} says
     * @param concurrency what {@code --concurrency} says; 0 is nothing
     * @throws IllegalArgumentException naming source, field and remedy
     */
    public ProxyConfig resolve(String meshFile, String serviceCluster, int concurrency) {
        Map<String, String> annotations = annotations();
        ProxyConfig config = mesh(ProxyConfig.defaults(), meshFile);
        config =
                laidOver(config, environment.text("PROXY_CONFIG", ""), "the variable PROXY_CONFIG");
        config =
                laidOver(
                        config,
                        annotations.getOrDefault(CONFIG_ANNOTATION, ""),
                        "the annotation " + CONFIG_ANNOTATION);
        config = threads(config, concurrency);
        if (config.tree().get("serviceCluster") instanceof String name && name.isEmpty()) {
            config = config.with("serviceCluster", serviceCluster);
        }
        config = statsd(config);
        ProxyConfigRules.check(config, "");
        return single(config, annotations);
    }

    /** What was found that has no effect, in words. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(reader.warnings());
        return all;
    }

    private ProxyConfig mesh(ProxyConfig config, String meshFile) {
        Path file = files.at(meshFile);
        if (meshFile.isEmpty() || !Files.isRegularFile(file)) {
            return config;
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the mesh file " + meshFile + " cannot be read: " + e, e);
        }
        Object tree = Yaml.parse(meshFile, text);
        if (tree == Json.NULL) {
            return config;
        }
        String place = "the mesh file " + meshFile;
        MessageReader whole = new MessageReader();
        Map<String, Object> mesh = whole.given(MESH_MESSAGE, tree, place + ": mesh");
        for (String warning : whole.warnings()) {
            if (!warning.contains(": mesh.defaultConfig")) { // which is read once more, below
                warnings.add(warning);
            }
        }
        Map<?, ?> given = (Map<?, ?>) tree;
        Object proxy = given.containsKey("defaultConfig") ? given.get("defaultConfig") : Json.NULL;
        MeshRules.check(mesh, place);
        ProxyConfig result =
                mesh.containsKey("defaultConfig") && proxy != Json.NULL
                        ? config.with(proxy, place + ": defaultConfig", reader)
                        : config;
        ProxyConfigRules.check(result, place + ": ");
        return result;
    }

    private ProxyConfig laidOver(ProxyConfig config, String text, String source) {
        if (text.isEmpty()) {
            return config;
        }
        Object tree = Yaml.parse(source, text);
        return tree == Json.NULL ? config : config.with(tree, source + ": proxyConfig", reader);
    }

    private ProxyConfig threads(ProxyConfig config, int concurrency) {
        int limit = environment.number("ISTIO_CPU_LIMIT", 0);
        if (concurrency != 0) {
            warnings.add(
                    "--concurrency="
                            + concurrency
                            + " is of old; say concurrency in the ProxyConfig instead");
            return config.with("concurrency", (long) concurrency);
        }
        return limit != 0 && !config.tree().containsKey("concurrency")
                ? config.with("concurrency", (long) limit)
                : config;
    }

    private ProxyConfig statsd(ProxyConfig config) {
        String address = config.text("statsdUdpAddress");
        if (address.isEmpty()) {
            return config;
        }
        try {
            return config.with("statsdUdpAddress", HostPort.parse(address).resolved());
        } catch (IOException | IllegalArgumentException e) {
            warnings.add(
                    "statsdUdpAddress "
                            + address
                            + " cannot be resolved, statistics are not sent"
                            + " there: "
                            + e.getMessage());
            return config.with("statsdUdpAddress", "");
        }
    }

    private ProxyConfig single(ProxyConfig config, Map<String, String> annotations) {
        ProxyConfig result = config;
        String address = annotations.get(DISCOVERY_ANNOTATION);
        if (address != null) {
            result = result.with("discoveryAddress", address);
        }
        String port = annotations.get(PORT_ANNOTATION);
        if (port == null) {
            return result;
        }
        try {
            return result.with("statusPort", (long) Integer.parseInt(port));
        } catch (NumberFormatException e) {
            warnings.add(
                    "the annotation "
                            + PORT_ANNOTATION
                            + " is no port: "
                            + port
                            + "; the agent"
                            + " serves no status, as Istio's does not");
            return result.with("statusPort", 0L);
        }
    }

    private Map<String, String> annotations() {
        try {
            return DownwardApi.read(files.podAnnotations());
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | IllegalArgumentException e) {
            warnings.add("the annotations of the pod cannot be read: " + e);
            return Map.of();
        }
    }
}
