package dev.attache.agent.onboard;

import dev.attache.agent.document.Json;
import dev.attache.agent.document.Yaml;
import dev.attache.agent.onboard.start.EnvFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes an enrolment of flags and of the folder that istioctl made. Used once, by one thread. */
final class EnrolmentReader {
    private static final Map<String, String> VARIABLES =
            Map.ofEntries(
                    Map.entry("service-account", "SERVICE_ACCOUNT"),
                    Map.entry("network", "ISTIO_META_NETWORK"),
                    Map.entry("cluster", "ISTIO_META_CLUSTER_ID"),
                    Map.entry("trust-domain", "TRUST_DOMAIN"),
                    Map.entry("ip", "ISTIO_SVC_IP"),
                    Map.entry("group", "ISTIO_META_WORKLOAD_NAME"),
                    Map.entry("dns-capture", "ISTIO_META_DNS_CAPTURE"),
                    Map.entry("vault-address", "VAULT_ADDR"),
                    Map.entry("vault-mount", "VAULT_PKI_MOUNT"),
                    Map.entry("vault-role", "VAULT_PKI_ROLE"),
                    Map.entry("vault-role-id", "VAULT_ROLE_ID"));

    /** Variables that name a file, by the flag that gives it and by where it is put. */
    private static final Map<String, Map.Entry<String, String>> VAULT_FILES =
            Map.of(
                    "vault-token", Map.entry("VAULT_TOKEN_FILE", Enrolment.VAULT_TOKEN),
                    "vault-secret-id", Map.entry("VAULT_SECRET_ID_FILE", Enrolment.VAULT_SECRET),
                    "vault-root", Map.entry("VAULT_CACERT", Enrolment.VAULT_ROOT));

    private static final String DISCOVERY = "discoveryAddress";

    private final OnboardFlags flags;
    private final @Nullable Path folder;
    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Path> given = new LinkedHashMap<>();
    private final List<String> hosts = new ArrayList<>();

    EnrolmentReader(OnboardFlags flags) {
        this.flags = flags;
        this.folder = flags.has("from") ? Path.of(flags.text("from")) : null;
    }

    Enrolment read() throws OnboardException {
        try {
            return enrolment();
        } catch (IOException e) {
            throw new OnboardException(
                    ExitCodes.INPUT, e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new OnboardException(ExitCodes.INPUT, String.valueOf(e.getMessage()));
        }
    }

    private Enrolment enrolment() throws IOException, OnboardException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new OnboardException(
                    ExitCodes.INPUT,
                    folder
                            + " is no directory; it is the one that `istioctl x workload entry"
                            + " configure -o` names");
        }
        Map<String, Object> config = config();
        Path cluster = inFolder("cluster.env");
        if (cluster != null) {
            variables.putAll(EnvFile.read(cluster, Map.of()));
        }
        String address = address(config);
        variables(address);
        hosts(address);
        take(Enrolment.ROOT, "root-cert", "root-cert.pem");
        take(Enrolment.TOKEN, "token", "istio-token");
        take(Enrolment.CHAIN, "certificate", null);
        take(Enrolment.KEY, "key", null);
        for (var each : VAULT_FILES.entrySet()) {
            take(each.getValue().getValue(), each.getKey(), null);
        }
        take(Enrolment.SIDECAR, null, "sidecar.env");
        complete();
        files.put(Enrolment.CLUSTER, bytes(clusterEnv()));
        files.put(Enrolment.MESH, bytes(mesh(config, address)));
        boolean secret =
                variables.keySet().stream().anyMatch(n -> n.matches("VAULT_TOKEN|VAULT_SECRET_ID"));
        return new Enrolment(address, files, given, hosts, secret);
    }

    private @Nullable Path inFolder(String name) {
        Path file = folder == null ? null : folder.resolve(name);
        return file != null && Files.exists(file) ? file : null;
    }

    /** A file of the folder in words; whether it is there may be what is wrong. */
    private String place(String name) {
        if (folder == null) {
            return name + " of a folder that --from names";
        }
        return folder.resolve(name) + (inFolder(name) == null ? ", which is not there" : "");
    }

    private void take(String path, @Nullable String flag, @Nullable String name)
            throws IOException {
        Path file = name == null ? null : inFolder(name);
        if (flag != null && flags.has(flag)) {
            file = Path.of(flags.text(flag));
        }
        if (file != null) {
            if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
                String what =
                        !Files.exists(file)
                                ? " is not there"
                                : Files.isDirectory(file) ? " is a directory" : " may not be read";
                throw new IOException(
                        file + what + (flag == null ? "" : ": give a file with --" + flag));
            }
            files.put(path, Files.readAllBytes(file));
            given.put(path, file);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The part of the mesh's configuration that is about proxies. */
    private Map<String, Object> config() throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        Path mesh = inFolder("mesh.yaml");
        if (mesh != null
                && Yaml.parse(mesh.toString(), Files.readString(mesh)) instanceof Map<?, ?> all
                && all.get("defaultConfig") instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> config.put(String.valueOf(name), value));
        }
        return config;
    }

    private String address(Map<String, Object> config) {
        if (flags.has("address")) {
            return flags.text("address");
        }
        Object known = config.get(DISCOVERY);
        if (known != null && !(known instanceof String)) {
            throw new IllegalArgumentException(
                    DISCOVERY
                            + " in "
                            + place("mesh.yaml")
                            + " is no text but "
                            + known
                            + ": write it as istiod.istio-system.svc:15012");
        }
        return known instanceof String text ? text : variables.getOrDefault("CA_ADDR", "");
    }

    private void variables(String address) throws OnboardException {
        boolean foreign = flags.has("address") || !variables.containsKey("CA_ADDR");
        if (foreign) {
            variables.put("CA_ADDR", address);
        }
        VARIABLES.forEach((flag, variable) -> {
            if (flags.has(flag)) {
                variables.put(variable, flags.text(flag));
            }
        });
        if (flags.has("namespace")) {
            variables.put("ISTIO_NAMESPACE", flags.text("namespace"));
            variables.put("POD_NAMESPACE", flags.text("namespace"));
        }
        if (!flags.all("label").isEmpty()) {
            variables.put("ISTIO_METAJSON_LABELS", Json.print(flags.pairs("label")));
        }
        if (flags.isOn("auto-register")) {
            variables.put("ISTIO_META_AUTO_REGISTER_GROUP", flags.text("group"));
        }
        if (flags.has("vault-address")) {
            variables.put("CA_PROVIDER", "Vault");
        }
        VAULT_FILES.forEach((flag, file) -> {
            if (flags.has(flag)) {
                variables.put(file.getKey(), "./" + file.getValue());
            }
        });
        if (flags.isOn("no-interception")) {
            variables.put("ISTIO_CUSTOM_IP_TABLES", "true");
        }
        variables.putAll(flags.pairs("env"));
    }

    /** What has to be there, and what holds where nothing is said. */
    private void complete() throws OnboardException {
        String namespace =
                variables.getOrDefault(
                        "ISTIO_NAMESPACE", variables.getOrDefault("POD_NAMESPACE", ""));
        if (namespace.isEmpty()) {
            throw OnboardException.usage(
                    "the namespace of the workload is missing: --namespace, or ISTIO_NAMESPACE in "
                            + place("cluster.env"));
        }
        if (variables.getOrDefault("SERVICE_ACCOUNT", "").isEmpty()) {
            throw OnboardException.usage(
                    "the service account is missing: --service-account, or SERVICE_ACCOUNT in "
                            + place("cluster.env"));
        }
        if (flags.has("root-fingerprint")) {
            flags.fingerprint();
        } else if (!files.containsKey(Enrolment.ROOT)) {
            throw OnboardException.usage(
                    "the root of the control plane is missing: --root-cert FILE"
                            + (folder == null ? "" : ", " + place("root-cert.pem"))
                            + ", or --root-fingerprint HEX to fetch and compare it");
        }
        variables.put("ISTIO_NAMESPACE", namespace);
        variables.put("POD_NAMESPACE", namespace);
        variables.putIfAbsent("ISTIO_INBOUND_PORTS", "*");
        variables.putIfAbsent("ISTIO_LOCAL_EXCLUDE_PORTS", "22,15090,15021,15020");
        variables.putIfAbsent("ISTIO_SERVICE_CIDR", "*");
        variables.putIfAbsent("ISTIO_META_CLUSTER_ID", "Kubernetes");
        variables.putIfAbsent("ISTIO_META_DNS_CAPTURE", "true");
        new EnrolmentRules(flags, variables).judge();
        String group = variables.getOrDefault("ISTIO_META_WORKLOAD_NAME", "");
        if (!group.isEmpty()) {
            variables.putIfAbsent("ISTIO_SERVICE", group + "." + namespace);
        }
    }

    private void hosts(String address) throws IOException {
        Path file = inFolder("hosts");
        if (file != null) {
            hosts.addAll(HostLines.read(file));
        }
        if (flags.has("resolve")) {
            String host = address.replaceFirst(":[0-9]*$", "");
            hosts.removeIf(line -> List.of(line.split("\\s+")).contains(host));
            hosts.add(flags.text("resolve") + " " + host);
        }
    }

    private String clusterEnv() {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) ->
                text.append(name).append('=').append(EnvFile.quoted(value)).append('\n'));
        return text.toString();
    }

    /** As it was given where nothing is different; JSON is YAML, too. */
    private String mesh(Map<String, Object> config, String address)
            throws IOException, OnboardException {
        Path given = inFolder("mesh.yaml");
        Map<String, Object> ours = new LinkedHashMap<>(config);
        ours.put(DISCOVERY, address);
        if (flags.has("probe")) {
            ours.put("readinessProbe", probe(flags.text("probe")));
        }
        if (given != null && ours.equals(config)) {
            return Files.readString(given);
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        if (given != null
                && Yaml.parse(given.toString(), Files.readString(given)) instanceof Map<?, ?> all) {
            all.forEach((name, value) -> whole.put(String.valueOf(name), value));
        }
        whole.put("defaultConfig", ours);
        return Json.print(whole) + "\n";
    }

    private static Map<String, Object> probe(String text) throws OnboardException {
        var form = java.util.regex.Pattern.compile("(httpGet|tcpSocket|grpc):(\\d{1,5})(/.*)?");
        var found = form.matcher(text);
        if (!found.matches() || !port(found.group(2))) {
            throw OnboardException.usage(
                    "--probe "
                            + text
                            + " is not httpGet:PORT/PATH, tcpSocket:PORT or grpc:PORT (ports up to"
                            + " 65535)");
        }
        Map<String, Object> method = new LinkedHashMap<>();
        method.put("port", Long.parseLong(found.group(2)));
        if (found.group(1).equals("httpGet") && found.group(3) != null) {
            method.put("path", found.group(3));
        }
        return Map.of(found.group(1), method);
    }

    private static boolean port(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port < 1 << 16;
    }
}
