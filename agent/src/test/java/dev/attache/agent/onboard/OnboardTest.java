package dev.attache.agent.onboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both commands on an image: nothing is connected to, nothing is run. */
class OnboardTest {
    private static final String CLUSTER =
            """
            CA_ADDR='istiod-rev-1.istio-system.svc:15012'
            ISTIO_INBOUND_PORTS='*'
            ISTIO_METAJSON_LABELS='{"service.istio.io/canonical-name":"foo"}'
            ISTIO_NAMESPACE='bar'
            POD_NAMESPACE='bar'
            SERVICE_ACCOUNT='vm'
            TRUST_DOMAIN=''
            """;
    private static final String MESH =
            """
            trustDomain: mesh.test
            defaultConfig:
              discoveryAddress: istiod-rev-1.istio-system.svc:15012
              readinessProbe:
                httpGet:
                  port: 8080
            """;

    @TempDir Path image = Path.of("");
    @TempDir Path folder = Path.of("");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void istioctl() throws IOException {
        Files.writeString(folder.resolve("cluster.env"), CLUSTER);
        Files.writeString(folder.resolve("mesh.yaml"), MESH);
        Files.writeString(folder.resolve("root-cert.pem"), "root");
        Files.writeString(folder.resolve("istio-token"), "token");
        Files.writeString(folder.resolve("hosts"), "10.10.10.11 istiod-rev-1.istio-system.svc\n");
    }

    private int onboard(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--root", image.toString(), "--no-checks"));
        arguments.addAll(List.of(more));
        return OnboardCommand.run(arguments, new PrintStream(out), new PrintStream(err));
    }

    private int leave() {
        return LeaveCommand.run(
                List.of("--root", image.toString()), new PrintStream(out), new PrintStream(err));
    }

    private String read(String path) throws IOException {
        return Files.readString(image.resolve(path));
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(image.resolve(path)));
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> all = Files.walk(image)) {
            return all.map(each -> image.relativize(each).toString()).sorted().toList();
        }
    }

    @Test
    void theFolderOfIstioctlIsPutInPlaceAndTakenAway() throws IOException {
        Files.createDirectories(image.resolve("etc"));
        Files.writeString(
                image.resolve("etc/passwd"), "istio-proxy:x:1338:1338::/var/lib/istio:/bin/sh\n");
        assertThat(onboard("--from", folder.toString())).isZero();
        assertThat(read("etc/istio/config/mesh")).isEqualTo(MESH);
        assertThat(read("var/lib/istio/envoy/cluster.env"))
                .contains("CA_ADDR='istiod-rev-1.istio-system.svc:15012'\n")
                .contains("ISTIO_METAJSON_LABELS='{\"service.istio.io/canonical-name\":\"foo\"}'\n")
                .contains("ISTIO_META_DNS_CAPTURE='true'\n")
                .contains("TRUST_DOMAIN=''\n");
        assertThat(read("etc/certs/root-cert.pem")).isEqualTo("root");
        assertThat(read("var/run/secrets/tokens/istio-token")).isEqualTo("token");
        assertThat(mode("var/run/secrets/tokens/istio-token")).isEqualTo("rw-------");
        assertThat(mode("var/lib/istio/envoy/cluster.env")).isEqualTo("rw-r--r--");
        assertThat(read("etc/hosts"))
                .isEqualTo("10.10.10.11 istiod-rev-1.istio-system.svc # attache onboard\n");
        assertThat(read("etc/systemd/system/attache-agent.service"))
                .contains(
                        "-o 1338 -m 0755 /var/run/secrets/workload-spiffe-uds"
                                + " /var/run/secrets/credential-uds\n",
                        "=\"/usr/local/bin/attache\" agent start\n",
                        "=\"/usr/local/bin/attache\" agent start clean\n",
                        "WantedBy=multi-user.target");
        assertThat(leave()).isZero();
        assertThat(tree()).containsExactly("", "etc", "etc/passwd");
    }

    @Test
    void flagsWinOverTheFolder() throws IOException {
        assertThat(
                        onboard(
                                "--from=" + folder,
                                "--address=istiod.x.svc:15012",
                                "--resolve=10.0.0.1",
                                "--network=n1",
                                "--label=app=a",
                                "--label=v=1",
                                "--group=g",
                                "--auto-register",
                                "--probe=tcpSocket:9000",
                                "--env=FOO=it's",
                                "--no-interception"))
                .isZero();
        assertThat(read("etc/istio/config/mesh"))
                .contains("\"discoveryAddress\":\"istiod.x.svc:15012\"")
                .contains("\"tcpSocket\":{\"port\":9000}")
                .contains("\"trustDomain\":\"mesh.test\"")
                .doesNotContain("httpGet");
        assertThat(read("var/lib/istio/envoy/cluster.env"))
                .contains("CA_ADDR='istiod.x.svc:15012'\n")
                .contains("ISTIO_META_AUTO_REGISTER_GROUP='g'\n")
                .contains("ISTIO_META_NETWORK='n1'\n")
                .contains("ISTIO_METAJSON_LABELS='{\"app\":\"a\",\"v\":\"1\"}'\n")
                .contains("ISTIO_CUSTOM_IP_TABLES='true'\n")
                .contains("ISTIO_SERVICE='g.bar'\n")
                .contains("FOO='it'\\''s'\n");
        assertThat(read("etc/hosts")).contains("10.0.0.1 istiod.x.svc");
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        assertThat(onboard()).isEqualTo(2);
        assertThat(onboard("--namespace", "a")).isEqualTo(2);
        assertThat(onboard("--namespace", "a", "--service-account", "b")).isEqualTo(2);
        assertThat(onboard("--from", folder + "/nowhere")).isEqualTo(4);
        assertThat(onboard("--from", folder.toString(), "--token", "/nowhere")).isEqualTo(4);
        assertThat(onboard("--from", folder.toString(), "--nonsense")).isEqualTo(2);
        assertThat(onboard("--from", folder.toString(), "--probe", "x:1")).isEqualTo(2);
        assertThat(onboard("--from", folder.toString(), "--root-fingerprint", "ab:cd"))
                .isEqualTo(2);
        Files.writeString(folder.resolve("cluster.env"), "A=$(id)\n");
        assertThat(onboard("--from", folder.toString())).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the namespace of the workload is missing: --namespace")
                .contains("the service account is missing")
                .contains("the root of the control plane is missing: --root-cert")
                .contains("istioctl x workload entry configure")
                .contains("/nowhere is not there")
                .contains("there is no flag --nonsense")
                .contains("--probe x:1 is not httpGet:PORT/PATH")
                .contains("--root-fingerprint ab:cd is no SHA-256")
                .contains("cluster.env, line 1");
        assertThat(tree()).containsExactly("");
    }

    @Test
    void whatIsGivenIsLookedAtBeforeAnythingIsConnectedTo() throws IOException {
        String from = "--from=" + folder;
        assertThat(onboard(from, "--namespace=De fault")).isEqualTo(2);
        assertThat(onboard(from, "--service-account=v_m")).isEqualTo(2);
        assertThat(onboard(from, "--ip=10.0.0.300")).isEqualTo(2);
        assertThat(onboard(from, "--ip=0.0.0.0")).isEqualTo(2);
        assertThat(onboard(from, "--probe=grpc:99999")).isEqualTo(2);
        assertThat(onboard(from, "--dns-capture=yes")).isEqualTo(2);
        assertThat(onboard(from, "--certificate=x")).isEqualTo(4);
        assertThat(onboard(from, "--token=" + folder)).isEqualTo(4);
        Files.writeString(folder.resolve("hosts"), "istiod 10.0.0.1\n");
        assertThat(onboard(from)).isEqualTo(4);
        Files.delete(folder.resolve("hosts"));
        Files.writeString(folder.resolve("mesh.yaml"), "defaultConfig: {discoveryAddress: 15}");
        assertThat(onboard(from)).isEqualTo(4);
        Files.delete(folder.resolve("mesh.yaml"));
        Files.delete(folder.resolve("cluster.env"));
        assertThat(onboard(from)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--namespace (ISTIO_NAMESPACE) \"De fault\" is no name of a namespace")
                .contains("--service-account (SERVICE_ACCOUNT) \"v_m\" is no name of an account")
                .contains("--ip (ISTIO_SVC_IP) \"10.0.0.300\" is no address")
                .contains("--ip (ISTIO_SVC_IP) 0.0.0.0 is of no machine")
                .contains("--probe grpc:99999 is not httpGet:PORT/PATH")
                .contains(
                        "--dns-capture (ISTIO_META_DNS_CAPTURE) \"yes\" is neither true nor false")
                .contains("x is not there: give a file with --certificate")
                .contains(folder + " is a directory: give a file with --token")
                .contains(folder + "/hosts: \"istiod 10.0.0.1\" is no line of a file of hosts")
                .contains("discoveryAddress in " + folder + "/mesh.yaml is no text but 15")
                .contains("ISTIO_NAMESPACE in " + folder + "/cluster.env, which is not there");
        assertThat(tree()).containsExactly("");
    }

    @Test
    void whatVaultNeedsIsSaid() throws IOException {
        String from = "--from=" + folder;
        String address = "--vault-address=https://vault.test:8200";
        Path root = Files.writeString(folder.resolve("vault-root"), "root");
        assertThat(onboard(from, "--vault-role=mesh")).isEqualTo(2);
        assertThat(onboard(from, address)).isEqualTo(2);
        assertThat(onboard(from, address, "--vault-role=mesh")).isEqualTo(2);
        assertThat(onboard(from, address, "--vault-role=mesh", "--env=VAULT_TOKEN_FILE=t"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--vault-role is for a Vault that signs: give its --vault-address URL")
                .contains("--vault-role (VAULT_PKI_ROLE) is missing")
                .contains("--vault-token FILE, or --vault-role-id ID and --vault-secret-id FILE")
                .contains("VAULT_TOKEN_FILE=t is looked for below /: write the whole path");
        assertThat(
                        onboard(
                                from,
                                address,
                                "--vault-role=mesh",
                                "--vault-mount=team",
                                "--vault-role-id=vm",
                                "--vault-secret-id=" + root,
                                "--vault-root=" + root))
                .isZero();
        assertThat(read("var/lib/istio/envoy/cluster.env"))
                .contains("CA_PROVIDER='Vault'\n")
                .contains("VAULT_CACERT='./etc/istio/vault-root.pem'\n")
                .contains("VAULT_PKI_MOUNT='team'\n")
                .contains("VAULT_ROLE_ID='vm'\n")
                .contains("VAULT_SECRET_ID_FILE='./etc/istio/vault-secret-id'\n");
        assertThat(mode("etc/istio/vault-secret-id")).isEqualTo("rw-------");
        assertThat(mode("etc/istio/vault-root.pem")).isEqualTo("rw-r--r--");
    }

    @Test
    void secretsAreNotForEveryone() throws IOException {
        assertThat(onboard("--from=" + folder, "--env=VAULT_TOKEN=s")).isZero();
        assertThat(mode("var/lib/istio/envoy/cluster.env")).isEqualTo("rw-------");
    }

    @Test
    void theTokenForVaultIsForTheAgentAlone() throws IOException {
        Path token = Files.writeString(folder.resolve("vault"), "s.secret");
        int code =
                onboard(
                        "--from",
                        folder.toString(),
                        "--vault-address",
                        "https://vault.example:8200",
                        "--vault-role",
                        "mesh",
                        "--vault-token",
                        token.toString());
        assertThat(code).isZero();
        assertThat(mode("etc/istio/vault-token")).isEqualTo("rw-------");
    }

    @Test
    void linksOfAnImageStayWithinIt() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("run"));
        Files.createDirectories(image.resolve("var"));
        Files.createDirectories(image.resolve(outside.toString().substring(1)));
        Files.createSymbolicLink(image.resolve("var/run"), outside);
        assertThat(onboard("--from", folder.toString())).isZero();
        assertThat(outside).isEmptyDirectory();
        Path inside = image.resolve(outside.toString().substring(1));
        assertThat(inside.resolve("secrets/tokens/istio-token")).hasContent("token");
        List<String> leaving = List.of("--root", image.toString());
        assertThat(LeaveCommand.run(leaving, new PrintStream(out), new PrintStream(err))).isZero();
        assertThat(inside).isEmptyDirectory();
    }

    @Test
    void onlyAnAgentIsAskedToEndByItsNumber() {
        assertThat(RunningAgent.isOurs("/usr/bin/ssh-agent\0-s\0")).isFalse();
        assertThat(RunningAgent.isOurs("/usr/bin/attache\0agent\0proxy\0")).isTrue();
        assertThat(RunningAgent.isOurs("java\0dev.attache.agent.AgentMain\0proxy\0")).isTrue();
    }

    @Test
    void whereNothingWasDoneNothingIsUndone() {
        assertThat(leave()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Nothing was onboarded here");
        assertThat(
                        LeaveCommand.run(
                                List.of("--nonsense"), new PrintStream(out), new PrintStream(err)))
                .isEqualTo(2);
    }
}
