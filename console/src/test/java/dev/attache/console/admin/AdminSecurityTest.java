package dev.attache.console.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.server.AttacheServer;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.AdminOptions;
import dev.attache.server.flags.ServerOptions;
import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.TestCertificates.Issued;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's admin port with its flags, asked as the commands ask it. */
final class AdminSecurityTest {

    private static final String BOOTSTRAP =
            "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}%s}";

    @TempDir Path files;

    @Test
    void withoutFlagsItIsOpen() throws Exception {
        try (AttacheServer server = start(AdminOptions.OPEN)) {
            assertThat(status(server, "POST", "/reset_counters")).isEqualTo(200);
            assertThat(status(server, "GET", "/stats/prometheus")).isEqualTo(200);
            assertThat(status(server, "GET", "/xds")).isEqualTo(200);
            assertThat(server.metricsAddress()).isNull();
        }
    }

    @Test
    void aTokenIsDemandedAndReadAgainWhenItsFileChanges() throws Exception {
        Path token = write("token", "first\nsecond\n");
        AdminOptions options = new AdminOptions(token.toString(), "", "", "", false, false, "");
        try (AttacheServer server = start(options)) {
            assertThat(status(server, "GET", "/ready")).isEqualTo(401);
            assertThat(client(server).send("GET", "/stats", "").body())
                    .startsWith("a token is needed: authorization: Bearer TOKEN");
            assertThat(status(server, "GET", "/stats", with("second"))).isEqualTo(200);
            assertThat(status(server, "GET", "/stats", with("first"))).isEqualTo(200);
            assertThat(status(server, "GET", "/stats", with("secon"))).isEqualTo(401);
            replace(token, "third-and-longer\n");
            assertThat(status(server, "GET", "/stats", with("first"))).isEqualTo(401);
            assertThat(status(server, "GET", "/stats", with("third-and-longer"))).isEqualTo(200);
            replace(token, "");
            assertThat(status(server, "GET", "/stats", with("third-and-longer"))).isEqualTo(200);
        }
    }

    @Test
    void certificatesAreDemandedAndReadAgain() throws Exception {
        TestCertificates authority = TestCertificates.authority("CN=admin");
        Issued port = authority.leaf("CN=port").ip("127.0.0.1").issue();
        Issued person = authority.leaf("CN=person").issue();
        Issued stranger = TestCertificates.authority("CN=other").leaf("CN=stranger").issue();
        Path ca = files.resolve("ca.pem");
        Files.write(ca, authority.pem());
        AdminOptions options =
                new AdminOptions(
                        "", cert("port", port), key("port", port), ca.toString(), true, false, "");
        try (AttacheServer server = start(options)) {
            List<String> anonymous = List.of("--admin-ca", ca.toString());
            assertThat(status(server, "GET", "/ready", anonymous)).isEqualTo(200);
            assertThat(status(server, "GET", "/stats", anonymous)).isEqualTo(403);
            assertThat(status(server, "GET", "/stats", as(ca, "person", person))).isEqualTo(200);
            assertThat(status(server, "GET", "/stats", as(ca, "other", stranger))).isEqualTo(403);
            assertThatThrownBy(() -> status(server, "GET", "/ready"))
                    .hasMessageContaining("--admin-ca names its authorities");

            TestCertificates next = TestCertificates.authority("CN=next");
            Issued renewed = next.leaf("CN=port").ip("127.0.0.1").issue();
            replace(Path.of(key("port", port)), new String(renewed.keyPem()));
            replace(Path.of(cert("port", port)), new String(renewed.chainPem()));
            Path nextCa = write("next.pem", new String(next.pem()));
            List<String> trusting = List.of("--admin-ca", nextCa.toString());
            assertThat(status(server, "GET", "/ready", trusting)).isEqualTo(200);
        }
    }

    @Test
    void withoutAnExceptionNobodyGetsInWithoutACertificate() throws Exception {
        TestCertificates authority = TestCertificates.authority("CN=admin");
        Issued port = authority.leaf("CN=port").ip("127.0.0.1").issue();
        Path ca = write("ca.pem", new String(authority.pem()));
        AdminOptions options =
                new AdminOptions(
                        "", cert("port", port), key("port", port), ca.toString(), false, false, "");
        try (AttacheServer server = start(options)) {
            List<String> anonymous = List.of("--admin-ca", ca.toString());
            assertThatThrownBy(() -> status(server, "GET", "/ready", anonymous))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void readOnlyRefusesWhatChangesAndSaysWhy() throws Exception {
        AdminOptions options = new AdminOptions("", "", "", "", false, true, "");
        try (AttacheServer server = start(options)) {
            for (String path :
                    List.of(
                            "/quitquitquit",
                            "/drain_listeners",
                            "/logging?level=debug",
                            "/stats")) {
                assertThat(status(server, "POST", path)).as(path).isEqualTo(403);
            }
            assertThat(status(server, "GET", "/healthcheck/fail")).isEqualTo(403);
            assertThat(client(server).send("POST", "/reset_counters", "").body())
                    .isEqualTo(
                            "POST /reset_counters may change the proxy, and its admin port is"
                                    + " read-only (--admin-read-only)\n");
            assertThat(status(server, "GET", "/config_dump")).isEqualTo(200);
            assertThat(server.ask("POST", "/reset_counters", Duration.ofSeconds(10)).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theMetricsPortServesMetricsAndNothingElse() throws Exception {
        Path token = write("token", "secret");
        AdminOptions options =
                new AdminOptions(token.toString(), "", "", "", true, false, "127.0.0.1:0");
        try (AttacheServer server = start(options)) {
            String metrics = String.valueOf(server.metricsAddress());
            assertThat(status(metrics, "GET", "/stats/prometheus?usedonly")).isEqualTo(200);
            assertThat(status(metrics, "GET", "/ready")).isIn(200, 503);
            assertThat(status(metrics, "GET", "/stats")).isEqualTo(404);
            assertThat(status(metrics, "GET", "/config_dump")).isEqualTo(404);
            assertThat(status(metrics, "POST", "/stats/prometheus")).isEqualTo(405);
            assertThat(status(metrics, "POST", "/quitquitquit")).isEqualTo(404);
            assertThat(status(server, "GET", "/ready")).isIn(200, 503);
            assertThat(status(server, "GET", "/stats/prometheus")).isEqualTo(401);
        }
    }

    /** Whoever sends many requests at once and reads nothing has one answer made at a time. */
    @Test
    void requestsInOnePieceAreAnsweredInTheirOrder() throws Exception {
        try (AttacheServer server = start(AdminOptions.OPEN);
                Socket socket = new Socket()) {
            socket.connect(Objects.requireNonNull(server.adminAddress()).toSocketAddress());
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                requests.append(
                        "GET %s HTTP/1.1\r\nhost: a\r\n\r\n"
                                .formatted(i % 2 == 0 ? "/hot_restart_version" : "/nothing"));
            }
            requests.append("GET /ready HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            String said =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(said.split("HTTP/1.1 200", -1)).hasSizeBetween(11, 12);
            assertThat(said.split("HTTP/1.1 404", -1)).hasSize(11);
            assertThat(said.indexOf("HTTP/1.1 200")).isZero();
        }
    }

    @Test
    void theMetricsPortNeedsNoAdminPort() throws Exception {
        AdminOptions options = new AdminOptions("", "", "", "", false, false, "127.0.0.1:0");
        ServerOptions flags =
                ServerOptions.builder().configYaml("{}").concurrency(1).admin(options).build();
        try (AttacheServer server = AttacheServer.start(flags)) {
            assertThat(server.adminAddress()).isNull();
            String metrics = String.valueOf(server.metricsAddress());
            assertThat(status(metrics, "GET", "/stats/prometheus")).isEqualTo(200);
        }
    }

    @Test
    void pathsOfTheBootstrapHoldAsWell() throws Exception {
        String allow = ", allow_paths: [{exact: /ready}]";
        ServerOptions flags =
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP.formatted(allow))
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(flags)) {
            assertThat(status(server, "GET", "/ready")).isIn(200, 503);
            assertThat(client(server).send("GET", "/stats", "").body())
                    .isEqualTo("request to path /stats not allowed");
            for (String around :
                    List.of("/ready/../stats", "/ready/%2e%2e/stats", "//stats", "/./stats")) {
                assertThat(client(server).send("GET", around, "").body())
                        .isEqualTo("request to path /stats not allowed");
            }
        }
    }

    @Test
    void filesThatCannotBeUsedEndTheStart() throws Exception {
        String empty = write("empty", "\n").toString();
        assertThatThrownBy(() -> start(new AdminOptions(empty, "", "", "", false, false, "")))
                .isInstanceOf(StartupException.class)
                .hasMessage("admin: --admin-token-file " + empty + " holds no token: one a line");
        assertThatThrownBy(() -> start(new AdminOptions("/nowhere", "", "", "", false, false, "")))
                .hasMessageStartingWith("admin: --admin-token-file /nowhere cannot be read");
        assertThatThrownBy(() -> start(new AdminOptions("", empty, empty, "", false, false, "")))
                .hasMessageContaining("--admin-tls-cert " + empty)
                .hasMessageContaining("no certificate found");
        TestCertificates authority = TestCertificates.authority("CN=admin");
        String port = cert("port", authority.leaf("CN=port").issue());
        String other = key("other", authority.leaf("CN=other").issue());
        assertThatThrownBy(() -> start(new AdminOptions("", port, other, "", false, false, "")))
                .hasMessageContaining("do not belong together");
    }

    private static AttacheServer start(AdminOptions options) throws StartupException {
        return AttacheServer.start(
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP.formatted(""))
                        .concurrency(1)
                        .admin(options)
                        .build());
    }

    private List<String> with(String token) throws IOException {
        return List.of("--admin-token-file", write("shown", token).toString());
    }

    private List<String> as(Path ca, String name, Issued issued) throws IOException {
        return List.of(
                "--admin-ca",
                ca.toString(),
                "--admin-cert",
                cert(name, issued),
                "--admin-key",
                key(name, issued));
    }

    private String cert(String name, Issued issued) throws IOException {
        Path file = files.resolve(name + ".crt");
        return Files.exists(file)
                ? file.toString()
                : Files.write(file, issued.chainPem()).toString();
    }

    private String key(String name, Issued issued) throws IOException {
        Path file = files.resolve(name + ".key");
        return Files.exists(file) ? file.toString() : Files.write(file, issued.keyPem()).toString();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(files.resolve(name), content);
    }

    /** As secrets are mounted: another file under the same name. */
    private void replace(Path file, String content) throws IOException {
        Path next = write("next", content);
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static int status(AttacheServer server, String method, String target) throws Exception {
        return status(server, method, target, List.of());
    }

    private static int status(
            AttacheServer server, String method, String target, List<String> flags)
            throws Exception {
        return client(String.valueOf(server.adminAddress()), flags)
                .send(method, target, "")
                .status();
    }

    private static int status(String address, String method, String target) throws Exception {
        return client(address, List.of()).send(method, target, "").status();
    }

    private static AdminClient client(AttacheServer server) throws Exception {
        return client(String.valueOf(server.adminAddress()), List.of());
    }

    private static AdminClient client(String address, List<String> flags) throws Exception {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of("--admin", address, "--timeout", "30"));
        return AdminFlags.client(
                Flags.parse(all, AdminFlags.with()),
                new Invocation(System.out, System.err, Map.of()));
    }
}
