package dev.attache.mesh;

import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What Helm would install with Istio's chart and its defaults, as far as istiod reads it: the
 * custom resources of Istio and of the Gateway API, the mesh's configuration, the templates of what
 * it injects and deploys, and its webhooks, which are reached on loopback.
 */
final class IstioChart {
    private static final String SYSTEM = "istio-system";

    /** Templates by the names that istiod asks for, and their files in the chart. */
    private static final Map<String, String> TEMPLATES =
            Map.of(
                    "sidecar", "injection-template",
                    "gateway", "gateway-injection-template",
                    "waypoint", "waypoint",
                    "kube-gateway", "kube-gateway");

    private final IstioRelease release;
    private final Path chart;
    private final MeshObjects reader;

    IstioChart(IstioRelease release, MeshObjects reader) {
        this.release = release;
        this.chart = release.chart();
        this.reader = reader;
    }

    /** The definitions of custom resources. */
    List<Map<String, Object>> definitions() throws IOException {
        MeshObjects plain = new MeshObjects(name -> "${" + name + "}");
        List<Map<String, Object>> objects =
                new ArrayList<>(plain.read(chart.resolve("crd-all.gen.yaml")));
        try (Stream<Path> files = Files.list(release.gatewayApi())) {
            // The policy that guards against older versions needs nothing guarded here.
            for (Path file : files.filter(f -> !f.toString().contains("_vap_")).sorted().toList()) {
                objects.addAll(plain.read(file));
            }
        }
        return objects;
    }

    /**
     * Namespaces, configuration and webhooks.
     *
     * @param webhooks where istiod serves them
     */
    List<Map<String, Object>> install(int webhooks, Map<String, Object> networks)
            throws IOException {
        List<Map<String, Object>> objects = new ArrayList<>();
        objects.add(object("v1", "Namespace", SYSTEM, Map.of()));
        objects.add(in(SYSTEM, object("v1", "ServiceAccount", "istiod", Map.of())));
        Map<String, Object> mesh = reader.read("mesh").getFirst();
        objects.add(
                in(
                        SYSTEM,
                        object(
                                "v1",
                                "ConfigMap",
                                "istio",
                                Map.of(
                                        "data",
                                        Map.of(
                                                "mesh",
                                                Tree.json(mesh, false),
                                                "meshNetworks",
                                                Tree.json(networks, false))))));
        objects.add(in(SYSTEM, injection()));
        objects.add(hook("Mutating", "istio-sidecar-injector", "/inject", webhooks));
        objects.add(hook("Validating", "istio-validator-istio-system", "/validate", webhooks));
        return objects;
    }

    private Map<String, Object> injection() throws IOException {
        Map<String, Object> all =
                Tree.map(
                        Tree.map(Tree.parse(Files.readString(chart.resolve("values.yaml"))))
                                .get("_internal_defaults_do_not_set"));
        Map<String, Object> global = new LinkedHashMap<>(Tree.map(all.get("global")));
        global.put("hub", "example.test/istio");
        global.put("tag", release.version());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("global", global);
        values.put("sidecarInjectorWebhook", Tree.map(all.get("sidecarInjectorWebhook")));
        values.put("revision", Tree.text(all.get("revision"), ""));
        Map<String, Object> pilot = new LinkedHashMap<>();
        pilot.put("cni", Tree.map(Tree.map(all.get("pilot")).get("cni")));
        pilot.put("env", Map.of());
        values.put("pilot", pilot);
        Map<String, Object> gateways = new LinkedHashMap<>();
        gateways.put("securityContext", Map.of());
        gateways.put("seccompProfile", Map.of());
        values.put("gateways", gateways);
        Map<String, Object> templates = new LinkedHashMap<>();
        for (var each : TEMPLATES.entrySet()) {
            Path file = chart.resolve("files/" + each.getValue() + ".yaml");
            templates.put(each.getKey(), Files.readString(file).strip());
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("policy", "enabled");
        config.put("defaultTemplates", List.of("sidecar"));
        config.put("templates", templates);
        return object(
                "v1",
                "ConfigMap",
                "istio-sidecar-injector",
                Map.of(
                        "data",
                        Map.of(
                                "values",
                                Tree.json(values, false),
                                "config",
                                Tree.json(config, false))));
    }

    private static Map<String, Object> hook(String kind, String name, String path, int port) {
        boolean validating = kind.equals("Validating");
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("operations", validating ? List.of("CREATE", "UPDATE") : List.of("CREATE"));
        rule.put(
                "apiGroups",
                validating
                        ? List.of(
                                "security.istio.io",
                                "networking.istio.io",
                                "telemetry.istio.io",
                                "extensions.istio.io")
                        : List.of(""));
        rule.put("apiVersions", List.of("*"));
        rule.put("resources", validating ? List.of("*") : List.of("pods"));
        Map<String, Object> hook = new LinkedHashMap<>();
        hook.put(
                "name",
                validating ? "rev.validation.istio.io" : "namespace.sidecar-injector.istio.io");
        hook.put("clientConfig", Map.of("url", "https://localhost:" + port + path));
        hook.put("sideEffects", "None");
        hook.put("failurePolicy", validating ? "Ignore" : "Fail");
        hook.put("admissionReviewVersions", List.of("v1"));
        hook.put("rules", List.of(rule));
        if (!validating) {
            hook.put(
                    "namespaceSelector",
                    Map.of("matchLabels", Map.of("istio-injection", "enabled")));
        }
        Map<String, Object> object =
                object(
                        "admissionregistration.k8s.io/v1",
                        kind + "WebhookConfiguration",
                        name,
                        Map.of("webhooks", List.of(hook)));
        Map<String, Object> metadata = new LinkedHashMap<>(Tree.map(object.get("metadata")));
        metadata.put(
                "labels",
                validating
                        ? Map.of("istio.io/rev", "default", "app", "istiod", "istio", "istiod")
                        : Map.of("istio.io/rev", "default", "app", "sidecar-injector"));
        object.put("metadata", metadata);
        return object;
    }

    private static Map<String, Object> object(
            String version, String kind, String name, Map<String, Object> rest) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", version);
        object.put("kind", kind);
        object.put("metadata", Map.of("name", name));
        object.putAll(rest);
        return object;
    }

    private static Map<String, Object> in(String namespace, Map<String, Object> object) {
        Map<String, Object> metadata = new LinkedHashMap<>(Tree.map(object.get("metadata")));
        metadata.put("namespace", namespace);
        object.put("metadata", metadata);
        return object;
    }
}
