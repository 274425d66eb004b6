package dev.attache.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import io.grpc.Attributes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneSettingsTest {

    @TempDir Path directory;

    private ControlPlaneSettings settings(Map<String, String> variables) {
        return settings(variables, Map.of());
    }

    private ControlPlaneSettings settings(
            Map<String, String> variables, Map<String, String> metadata) {
        return ControlPlaneSettings.of(
                new Environment(variables),
                new Discovery("istiod.istio-system.svc:15012", true, metadata),
                new AgentFiles(directory));
    }

    private String roots(ControlPlane server) {
        Path file = server.roots().file();
        return file == null ? server.roots().refusal() : directory.relativize(file).toString();
    }

    @Test
    void rootsAreInIstiosOrderForEachServer() throws IOException {
        assertThat(roots(settings(Map.of()).discovery()))
                .isEqualTo("var/run/secrets/istio/root-cert.pem");
        ControlPlaneSettings provisioned = settings(Map.of("PROV_CERT", "prov"));
        assertThat(roots(provisioned.discovery())).isEqualTo("prov/root-cert.pem");
        assertThat(roots(provisioned.authority())).isEqualTo("prov/root-cert.pem");
        assertThat(Objects.requireNonNull(provisioned.authority().client()).key())
                .isEqualTo(directory.resolve("prov/key.pem"));

        Files.createDirectories(directory.resolve("etc/certs"));
        Files.writeString(directory.resolve("etc/certs/root-cert.pem"), "x");
        ControlPlaneSettings mounted = settings(Map.of("PROV_CERT", "prov"));
        assertThat(roots(mounted.discovery())).isEqualTo("etc/certs/root-cert.pem");
        assertThat(roots(mounted.authority())).isEqualTo("prov/root-cert.pem");
        ControlPlaneSettings named =
                settings(Map.of("XDS_ROOT_CA", "x.pem", "CA_ROOT_CA", "c.pem"));
        assertThat(roots(named.discovery())).isEqualTo("x.pem");
        assertThat(roots(named.authority())).isEqualTo("c.pem");
    }

    @Test
    void connectionsAreBoundToWhatIsNamed() {
        ControlPlaneSettings bound =
                settings(Map.of("ATTACHE_CONTROL_PLANE_ADDRESS", "10.0.0.1,fd00::1"));
        assertThat(bound.discovery().sources().all())
                .containsExactly(
                        InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("fd00::1"));
        assertThat(bound.discovery().sources()).isEqualTo(bound.authority().sources());
        BoundTo picker = new BoundTo(bound.discovery().sources());
        assertThat(picker.createSocketAddress(to("fd00::9"), Attributes.EMPTY))
                .isEqualTo(new InetSocketAddress("fd00::1", 0));
        assertThat(picker.createSocketAddress(to("10.9.9.9"), Attributes.EMPTY))
                .isEqualTo(new InetSocketAddress("10.0.0.1", 0));
        assertThat(settings(Map.of()).discovery().sources().all()).isEmpty();
        assertThat(
                        new LocalAddresses(List.of(InetAddress.ofLiteral("10.0.0.1")))
                                .towards(InetAddress.ofLiteral("fd00::9")))
                .isNull();
        assertThatThrownBy(() -> settings(Map.of("ATTACHE_CONTROL_PLANE_ADDRESS", "eth0")))
                .hasMessageContaining("is no address: eth0");
    }

    private static InetSocketAddress to(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 15012);
    }

    @Test
    void filesThatAreMountedAreNamedByTheMetadata() {
        ControlPlaneSettings settings =
                settings(
                        Map.of("FILE_MOUNTED_CERTS", "true"),
                        Map.of(
                                "ISTIO_META_TLS_CLIENT_ROOT_CERT", "r.pem",
                                "ISTIO_META_TLS_CLIENT_CERT_CHAIN", "c.pem",
                                "ISTIO_META_TLS_CLIENT_KEY", "k.pem"));
        assertThat(roots(settings.discovery())).isEqualTo("r.pem");
        assertThat(settings.discovery().client())
                .isEqualTo(
                        new ClientCertificate(
                                directory.resolve("c.pem"), directory.resolve("k.pem")));
        assertThat(settings.authority().client()).isNull();
    }

    @Test
    void onlyTheAuthorityIsPlainByItsPort() {
        ControlPlaneSettings settings =
                ControlPlaneSettings.of(
                        new Environment(Map.of("CA_ADDR", "localhost:15010", "ISTIOD_SAN", "own")),
                        new Discovery("localhost:15010", true, Map.of()),
                        new AgentFiles(directory));
        assertThat(settings.authority().plaintext()).isTrue();
        assertThat(settings.authority().serverName()).isEqualTo("istiod.istio-system.svc");
        assertThat(settings.discovery().plaintext()).isFalse();
        assertThat(settings.discovery().serverName()).isEqualTo("own");
    }

    @Test
    void headersGoWhereTheirPrefixSays() {
        ControlPlaneSettings settings =
                settings(
                        Map.of(
                                "XDS_HEADER_X_ONE", "1",
                                "CA_HEADER_two", "2",
                                "ISTIO_META_CLUSTER_ID", "c1"));
        assertThat(settings.discovery().headers())
                .isEqualTo(Map.of("x_one", "1", "clusterid", "c1"));
        assertThat(settings.authority().headers()).isEqualTo(Map.of("two", "2", "clusterid", "c1"));
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> settings(Map.of("PROV_CERT", "p", "FILE_MOUNTED_CERTS", "true")))
                .hasMessageContaining("mutually exclusive");
        assertThatThrownBy(() -> settings(Map.of("CREDENTIAL_FETCHER_TYPE", "GoogleComputeEngine")))
                .hasMessageContaining("only JWT is built");
    }

    @Test
    void aRootThatIsMissingIsNamedWhenItIsNeeded() {
        assertThatThrownBy(() -> settings(Map.of()).discovery().open().shutdownNow())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("var/run/secrets/istio/root-cert.pem");
    }
}
