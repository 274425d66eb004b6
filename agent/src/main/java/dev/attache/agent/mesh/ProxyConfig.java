package dev.attache.agent.mesh;

import dev.attache.agent.document.Json;
import dev.attache.agent.environment.GoDuration;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Istio's ProxyConfig ({@code istio.mesh.v1alpha1}), in force for this proxy. What the agent itself
 * acts upon has a getter; all of it is {@link #tree}, which is what the control plane is told.
 * Immutable; any thread.
 */
public final class ProxyConfig {

    static final String MESSAGE = "mesh.v1alpha1.ProxyConfig";

    private final Map<String, Object> fields;

    private ProxyConfig(Map<String, Object> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    /** What holds where nothing is said. */
    public static ProxyConfig defaults() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("configPath", "./etc/istio/proxy");
        fields.put("binaryPath", "/usr/local/bin/envoy");
        fields.put("serviceCluster", "istio-proxy");
        fields.put("drainDuration", "45s");
        fields.put("terminationDrainDuration", "5s");
        fields.put("proxyAdminPort", 15000L);
        fields.put("controlPlaneAuthPolicy", "MUTUAL_TLS");
        fields.put("discoveryAddress", "istiod.istio-system.svc:15012");
        fields.put("statNameLength", 189L);
        fields.put("statusPort", 15020L);
        return new ProxyConfig(fields);
    }

    /**
     * One that says just what the tree of a document says.
     *
     * @throws IllegalArgumentException naming the field whose value does not fit
     */
    public static ProxyConfig of(Object tree) {
        return new ProxyConfig(new LinkedHashMap<>())
                .with(tree, "proxyConfig", new MessageReader());
    }

    /** This one, with the fields of a tree laid over it. */
    ProxyConfig with(Object tree, String path, MessageReader reader) {
        Map<String, Object> given = reader.given(MESSAGE, tree, path);
        Map<String, Object> all = new LinkedHashMap<>(fields);
        for (MessageField field : MessageTypes.fields(MESSAGE)) {
            Object value = given.get(field.jsonName());
            if (value == null) {
                continue;
            }
            Object before = all.get(field.jsonName());
            Object merged =
                    switch (field.jsonName()) {
                        case "proxyMetadata" -> merged(before, value);
                        case "proxyHeaders" -> headers(before, value);
                        default -> value;
                    };
            if (MessageReader.written(field, merged)) {
                MessageReader.put(all, field, merged, MESSAGE);
            } else {
                all.remove(field.jsonName());
            }
        }
        return new ProxyConfig(all);
    }

    /** This one with another value of a field, in protobuf's JSON form. */
    public ProxyConfig with(String field, Object value) {
        return with(Map.of(field, value), "proxyConfig", new MessageReader());
    }

    /** Entries of maps are laid over one by one. */
    private static Object merged(@Nullable Object before, Object value) {
        Map<Object, Object> all = new LinkedHashMap<>();
        if (before instanceof Map<?, ?> map) {
            all.putAll(map);
        }
        all.putAll((Map<?, ?>) value);
        return all;
    }

    /** Of the headers these five stay as they were where nothing is said about them. */
    private static Object headers(@Nullable Object before, Object value) {
        Map<Object, Object> all = new LinkedHashMap<>((Map<?, ?>) value);
        if (before instanceof Map<?, ?> map) {
            for (String kept :
                    List.of(
                            "forwardedClientCert",
                            "requestId",
                            "attemptCount",
                            "server",
                            "envoyDebugHeaders")) {
                Object old = map.get(kept);
                if (old != null) {
                    all.putIfAbsent(kept, old);
                }
            }
        }
        return all;
    }

    /** Where the agent writes, relative to its directory. */
    public String configPath() {
        return text("configPath");
    }

    /** The proxy's program, where it is a process of its own. */
    public String binaryPath() {
        return text("binaryPath");
    }

    /** Host and port of the control plane. */
    public String discoveryAddress() {
        return text("discoveryAddress");
    }

    /** Whether the control plane is spoken to by TLS. */
    public boolean controlPlaneMutualTls() {
        return "MUTUAL_TLS".equals(text("controlPlaneAuthPolicy"));
    }

    /** A file that is the bootstrap, or its template; empty where none is named. */
    public String customConfigFile() {
        return text("customConfigFile");
    }

    /** A template of the bootstrap; empty where none is named. */
    public String proxyBootstrapTemplatePath() {
        return text("proxyBootstrapTemplatePath");
    }

    /** The agent's own port; 0 where it has none. */
    public int statusPort() {
        return number("statusPort");
    }

    /** The proxy's administration, on loopback. */
    public int proxyAdminPort() {
        return number("proxyAdminPort");
    }

    /** Worker threads; 0 where nothing is said, which is one for each processor. */
    public int concurrency() {
        return number("concurrency");
    }

    /** How long the proxy drains when a listener or the proxy goes. */
    public Duration drainDuration() {
        return duration("drainDuration");
    }

    /** How long the proxy goes on after the agent was told to end. */
    public Duration terminationDrainDuration() {
        return duration("terminationDrainDuration");
    }

    /** How often access logs are written; null where nothing is said. */
    public @Nullable Duration fileFlushInterval() {
        return fields.containsKey("fileFlushInterval") ? duration("fileFlushInterval") : null;
    }

    /** What is written at once, in KiB; 0 where nothing is said. */
    public int fileFlushMinSizeKb() {
        return number("fileFlushMinSizeKb");
    }

    /** {@code REDIRECT}, {@code TPROXY} or {@code NONE}. */
    public String interceptionMode() {
        return text("interceptionMode", "REDIRECT");
    }

    /** Variables for the proxy. */
    public Map<String, String> proxyMetadata() {
        return texts("proxyMetadata");
    }

    /** Runtime keys and their values. */
    public Map<String, String> runtimeValues() {
        return texts("runtimeValues");
    }

    /** Certificates that are trusted besides the mesh's own, PEM. */
    public List<String> caCertificatesPem() {
        return list("caCertificatesPem");
    }

    /** Tags of statistics that proxies have beyond the usual. */
    public List<String> extraStatTags() {
        return list("extraStatTags");
    }

    /**
     * How the application's health is asked on machines outside Kubernetes, as {@code
     * istio.networking.v1alpha3.ReadinessProbe} in JSON; null where it is not asked.
     */
    public @Nullable Map<String, Object> readinessProbe() {
        return message("readinessProbe");
    }

    /** A message in this one, in JSON form; null where there is none. */
    public @Nullable Map<String, Object> message(String field) {
        return message(fields, field);
    }

    /** A message in another; null where there is none. */
    public static @Nullable Map<String, Object> message(Map<String, Object> parent, String field) {
        if (!(parent.get(field) instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    /** A field of text; empty where nothing is said. */
    public String text(String field) {
        return text(field, "");
    }

    /** Everything that is said, in protobuf's JSON form. */
    public Map<String, Object> tree() {
        return fields;
    }

    /** Protobuf's JSON form, fields by name, on one line. */
    public String toJson() {
        return Json.print(new TreeMap<>(fields));
    }

    private String text(String field, String otherwise) {
        return fields.get(field) instanceof String text ? text : otherwise;
    }

    private int number(String field) {
        return fields.get(field) instanceof Number number ? number.intValue() : 0;
    }

    private Duration duration(String field) {
        return GoDuration.parse(text(field, "0"));
    }

    private Map<String, String> texts(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (fields.get(field) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        }
        return texts;
    }

    private List<String> list(String field) {
        return fields.get(field) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
