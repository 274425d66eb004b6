package dev.attache.agent.onboard;

import dev.attache.agent.onboard.machine.Account;
import dev.attache.agent.onboard.machine.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where everything goes, with which mode, and what the agent will add. Used once. */
record MachineFiles(Machine machine, Path root, PrintStream out) {
    static final String UNIT = "etc/systemd/system/" + Unit.NAME + ".service";
    static final String IDENTITY = "var/run/secrets/workload-spiffe-uds";

    /** Where the agent serves files while another process gives the identity. */
    private static final String CREDENTIALS = "var/run/secrets/credential-uds";

    /** Directories that the agent writes to or that hold what is written here. */
    private static final List<String> DIRECTORIES =
            List.of(
                    "etc/certs",
                    "etc/istio/config",
                    "etc/istio/proxy",
                    "var/lib/istio/envoy",
                    "var/lib/istio/data",
                    "var/log/istio",
                    "var/run/secrets/tokens",
                    CREDENTIALS,
                    IDENTITY);

    private static final List<String> PRODUCTS =
            List.of(
                    "etc/istio/proxy/envoy-rev.json",
                    "etc/istio/proxy/grpc-bootstrap.json",
                    "etc/istio/proxy/XDS",
                    IDENTITY + "/socket",
                    CREDENTIALS + "/files-socket",
                    "run/attache",
                    "run/attache/intercept",
                    "var/log/istio/istio.log",
                    "var/log/istio/istio.err.log",
                    Enrolment.CHAIN,
                    Enrolment.KEY);

    /**
     * Writes them.
     *
     * @param socket of another who gives the identity; empty for none
     */
    void write(Enrolment enrolment, String socket) throws IOException {
        for (String directory : DIRECTORIES) {
            machine.directory(directory, "rwxr-xr-x");
        }
        for (String product : PRODUCTS) {
            if (!enrolment.files().containsKey(product)) {
                machine.product(product);
            }
        }
        for (Map.Entry<String, byte[]> file : enrolment.files().entrySet()) {
            String path = file.getKey();
            boolean shared = path.startsWith("etc/certs/");
            boolean written =
                    shared
                            ? machine.sharedFile(path, file.getValue(), enrolment.mode(path))
                            : machine.file(path, file.getValue(), enrolment.mode(path));
            out.println((written ? "written    " : "as it was  ") + root.resolve(path));
        }
        if (!socket.isEmpty()) {
            machine.link(IDENTITY + "/socket", Path.of(socket).toAbsolutePath());
        }
        for (String line : machine.hosts(enrolment.hosts())) {
            out.println("added      " + root.resolve("etc/hosts") + ": " + line);
        }
        if (Unit.isPackaged(root)) {
            out.println("as it was  the unit " + Unit.NAME + " of the package");
            return;
        }
        byte[] unit = Unit.text(Account.usual(root)).getBytes(StandardCharsets.UTF_8);
        if (machine.systemFile(UNIT, unit, "rw-r--r--")) {
            out.println("written    " + root.resolve(UNIT));
        }
    }
}
