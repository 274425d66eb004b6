package dev.attache.agent.onboard.start;

import dev.attache.agent.onboard.machine.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is to be done at a start, by the variables, files, defaults and arguments of Istio's {@code
 * istio-start.sh} ({@code tools/packaging/common}). Immutable.
 *
 * @param environment of the agent, and of what redirects traffic
 * @param clean whether redirection is taken away first
 * @param redirect the arguments of redirection; null where none is installed
 * @param run whether the agent is started
 * @param user whom the agent runs as
 * @param flags of the agent
 * @param program what is started; empty for this program
 * @param logs directory of the two files of a user that is changed to
 */
public record StartSettings(
        Map<String, String> environment,
        boolean clean,
        boolean redirect,
        boolean run,
        String user,
        List<String> flags,
        String program,
        Path logs) {

    static final String SIDECAR = "./var/lib/istio/envoy/sidecar.env";
    static final String CLUSTER = "./var/lib/istio/envoy/cluster.env";

    public StartSettings {
        environment = Map.copyOf(environment);
        flags = List.copyOf(flags);
    }

    /** What the machine tells where no variable does. */
    interface Here {
        String firstAddress() throws IOException;

        String shortName() throws IOException;
    }

    /**
     * The variables that the agent would have if it were started now with the files below a
     * directory, and nothing else set.
     *
     * @throws IOException if a file cannot be read without a shell
     */
    public static Map<String, String> ofAgent(Path directory) throws IOException {
        return of(directory, Map.of(), List.of("run"), new ThisMachine()).environment();
    }

    /**
     * Reads them.
     *
     * @param directory what relative names are below of
     * @throws IOException if a file cannot be read without a shell
     */
    static StartSettings of(
            Path directory, Map<String, String> process, List<String> arguments, Here here)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(process);
        source(directory, all, "ISTIO_SIDECAR_CONFIG", SIDECAR);
        source(directory, all, "ISTIO_CLUSTER_CONFIG", CLUSTER);
        String mode = arguments.isEmpty() ? "" : arguments.getFirst();
        boolean ours = !Objects.equals(all.get("ISTIO_CUSTOM_IP_TABLES"), "true");
        boolean clean = mode.equals("clean");
        boolean init = ours && (mode.equals("init") || mode.equals("-p"));
        boolean running = !clean && !init;
        boolean redirect = ours && !clean && !mode.equals("run");
        String user = text(all, "EXEC_USER", Account.USUAL);
        if (running) {
            identify(all, here);
            servers(all);
        }
        return new StartSettings(
                all,
                ours && !mode.equals("run"),
                redirect,
                running,
                "TPROXY".equals(all.get("ISTIO_INBOUND_INTERCEPTION_MODE")) ? "root" : user,
                words(all.getOrDefault("ISTIO_AGENT_FLAGS", "")),
                all.containsKey("ISTIO_BIN_BASE") ? all.get("ISTIO_BIN_BASE") + "/pilot-agent" : "",
                directory.resolve(text(all, "ISTIO_LOG_DIR", "./var/log/istio")).normalize());
    }

    private static void source(
            Path directory, Map<String, String> all, String variable, String otherwise)
            throws IOException {
        all.put(variable, text(all, variable, otherwise));
        Path file = directory.resolve(Objects.requireNonNull(all.get(variable))).normalize();
        if (Files.isReadable(file)) {
            all.putAll(EnvFile.read(file, Map.copyOf(all)));
        }
    }

    private static void identify(Map<String, String> all, Here here) throws IOException {
        String address = text(all, "ISTIO_SVC_IP", "");
        all.put("INSTANCE_IP", address.isEmpty() ? here.firstAddress() : address);
        String name = text(all, "POD_NAME", "");
        all.put("POD_NAME", name.isEmpty() ? here.shortName() : name);
        all.put("POD_NAMESPACE", text(all, "ISTIO_NAMESPACE", "default"));
    }

    /** {@code CA_ADDR}, then {@code PILOT_ADDRESS}, then {@code ISTIO_PILOT_PORT}. */
    private static void servers(Map<String, String> all) {
        String system = text(all, "ISTIO_SYSTEM_NAMESPACE", "istio-system");
        String own = text(all, "PILOT_ADDRESS", "");
        String port = text(all, "ISTIO_PILOT_PORT", "");
        if (own.isEmpty() && !port.isEmpty()) {
            own = "istiod." + system + ".svc:" + port;
        }
        String usual = "istiod." + system + ".svc:15012";
        all.put("CA_ADDR", text(all, "CA_ADDR", own.isEmpty() ? usual : own));
        all.putIfAbsent("PROV_CERT", "./etc/certs");
        all.putIfAbsent("OUTPUT_CERTS", "./etc/certs");
        String config = all.getOrDefault("PROXY_CONFIG", "");
        if (!own.isEmpty()) {
            config += "\ndiscoveryAddress: " + own + "\n";
        }
        if (config.isEmpty()) {
            config =
                    "\nserviceCluster: "
                            + text(all, "ISTIO_SERVICE", "rawvm")
                            + "\ncontrolPlaneAuthPolicy: "
                            + text(all, "ISTIO_CP_AUTH", "MUTUAL_TLS")
                            + "\n";
        }
        all.put("PROXY_CONFIG", config);
    }

    /** Whether one of the two files is there, wherever variables say that they are. */
    boolean described(Path directory) {
        return Files.exists(directory.resolve(text(environment, "ISTIO_SIDECAR_CONFIG", SIDECAR)))
                || Files.exists(
                        directory.resolve(text(environment, "ISTIO_CLUSTER_CONFIG", CLUSTER)));
    }

    /** As the shell's {@code ${NAME:-otherwise}}. */
    private static String text(Map<String, String> all, String name, String otherwise) {
        String value = all.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>(List.of(text.strip().split(" +")));
        words.removeIf(String::isEmpty);
        return words;
    }
}
