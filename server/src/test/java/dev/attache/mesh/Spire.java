package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A server and an agent of SPIRE, which knows one workload: whoever runs as this user. */
final class Spire implements AutoCloseable {

    static final String IDENTITY = "spiffe://mesh.test/ns/default/sa/server";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String NODE = "spiffe://mesh.test/node";
    private static final Pattern TOKEN = Pattern.compile("Token:\\s*[0-9a-f-]+");

    private final Path directory;
    private final Path control;
    private final int port = Ports.free();
    private final PeerProcess server;
    private final PeerProcess agent;

    /**
     * Starts both and waits until the agent has the workload's certificate.
     *
     * @param socket where the agent serves secrets
     * @param seconds how long certificates live; half of that later there is another
     */
    Spire(Path directory, Path socket, int seconds) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        this.control = directory.resolve("server.sock");
        Files.createDirectories(directory.resolve("of-server"));
        Files.createDirectories(directory.resolve("of-agent"));
        Path serverFile = Files.writeString(directory.resolve("server.conf"), serverSettings());
        Path agentFile = Files.writeString(directory.resolve("agent.conf"), agentSettings(socket));
        server = start("spire-server", "run", "-config", serverFile.toString());
        require(server, () -> command("healthcheck").contains("healthy"));
        StringBuilder said = new StringBuilder();
        require(
                server,
                () -> {
                    said.setLength(0);
                    said.append(command("token", "generate", "-spiffeID", NODE).strip());
                    return TOKEN.matcher(said).matches();
                });
        String token = said.substring("Token:".length()).strip();
        command(
                "entry",
                "create",
                "-parentID",
                NODE,
                "-spiffeID",
                IDENTITY,
                "-selector",
                "unix:uid:" + Files.getAttribute(directory, "unix:uid"),
                "-x509SVIDTTL",
                String.valueOf(seconds));
        agent = start("spire-agent", "run", "-config", agentFile.toString(), "-joinToken", token);
        require(agent, () -> agentLog().contains("Creating X509-SVID"));
    }

    private String serverSettings() {
        return """
        server {
          bind_address = "127.0.0.1"
          bind_port = "%d"
          trust_domain = "mesh.test"
          data_dir = "%s/of-server"
          socket_path = "%s"
          ca_ttl = "1h"
        }
        plugins {
          DataStore "sql" { plugin_data { database_type = "sqlite3" connection_string = "%s/of-server/db" } }
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "memory" { plugin_data {} }
        }
        """
                .formatted(port, directory, control, directory);
    }

    private String agentSettings(Path socket) {
        return """
        agent {
          data_dir = "%s/of-agent"
          server_address = "127.0.0.1"
          server_port = "%d"
          socket_path = "%s"
          trust_domain = "mesh.test"
          insecure_bootstrap = true
        }
        plugins {
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "memory" { plugin_data {} }
          WorkloadAttestor "unix" { plugin_data {} }
        }
        """
                .formatted(directory, port, socket);
    }

    private PeerProcess start(String name, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Peers.peer("spire").resolve(name).toString());
        command.addAll(List.of(arguments));
        return PeerProcess.start(directory, Map.of(), command);
    }

    /** What the server's own command says. */
    private String command(String... arguments) {
        List<String> command = new java.util.ArrayList<>();
        command.add(Peers.peer("spire").resolve("spire-server").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-socketPath", control.toString()));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(
                            process.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String agentLog() {
        try {
            return Files.readString(directory.resolve("spire-agent.log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void require(PeerProcess process, java.util.function.BooleanSupplier so)
            throws IOException, InterruptedException {
        if (!PeerProcess.eventually(PATIENCE, so)) {
            throw new IOException("SPIRE did not start:\n" + process.log());
        }
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        server.close();
    }
}
