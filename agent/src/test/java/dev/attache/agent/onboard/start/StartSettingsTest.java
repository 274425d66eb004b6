package dev.attache.agent.onboard.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code istio-start.sh} does with the same files, variables and arguments. */
class StartSettingsTest {
    @TempDir Path directory = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("var/lib/istio/envoy"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve("var/lib/istio/envoy").resolve(name), text);
    }

    private StartSettings read(Map<String, String> process, String... arguments)
            throws IOException {
        return StartSettings.of(directory, process, List.of(arguments), new Fixed());
    }

    private static final class Fixed implements StartSettings.Here {
        @Override
        public String firstAddress() {
            return "10.0.0.7";
        }

        @Override
        public String shortName() {
            return "vm1";
        }
    }

    @Test
    void withoutFilesTheDefaultsHold() throws IOException {
        StartSettings settings = read(Map.of("X", "y"));
        assertThat(settings.clean()).isTrue();
        assertThat(settings.redirect()).isTrue();
        assertThat(settings.run()).isTrue();
        assertThat(settings.user()).isEqualTo("istio-proxy");
        assertThat(settings.program()).isEmpty();
        assertThat(settings.logs()).isEqualTo(directory.resolve("var/log/istio"));
        assertThat(settings.environment())
                .containsEntry("X", "y")
                .containsEntry("INSTANCE_IP", "10.0.0.7")
                .containsEntry("POD_NAME", "vm1")
                .containsEntry("POD_NAMESPACE", "default")
                .containsEntry("CA_ADDR", "istiod.istio-system.svc:15012")
                .containsEntry("PROV_CERT", "./etc/certs")
                .containsEntry("OUTPUT_CERTS", "./etc/certs")
                .containsEntry(
                        "PROXY_CONFIG",
                        "\nserviceCluster: rawvm\ncontrolPlaneAuthPolicy: MUTUAL_TLS\n");
    }

    @Test
    void clusterEnvWinsOverSidecarEnvAndBothOverTheProcess() throws IOException {
        write("sidecar.env", "A=sidecar\nB=sidecar\nISTIO_AGENT_FLAGS='--proxyLogLevel  debug'\n");
        write(
                "cluster.env",
                "B=\"$A and cluster\"\nISTIO_NAMESPACE='bar'\nISTIO_SVC_IP=10.0.0.8\n");
        StartSettings settings = read(Map.of("A", "process", "B", "process"));
        assertThat(settings.environment())
                .containsEntry("A", "sidecar")
                .containsEntry("B", "sidecar and cluster")
                .containsEntry("POD_NAMESPACE", "bar")
                .containsEntry("INSTANCE_IP", "10.0.0.8");
        assertThat(settings.flags()).containsExactly("--proxyLogLevel", "debug");
    }

    @Test
    void theControlPlaneIsTheFirstThatIsNamed() throws IOException {
        write("cluster.env", "ISTIO_PILOT_PORT=15005\nISTIO_SYSTEM_NAMESPACE=sys\n");
        assertThat(read(Map.of()).environment())
                .containsEntry("CA_ADDR", "istiod.sys.svc:15005")
                .containsEntry("PROXY_CONFIG", "\ndiscoveryAddress: istiod.sys.svc:15005\n");
        assertThat(read(Map.of("PILOT_ADDRESS", "p:1", "PROXY_CONFIG", "a: b")).environment())
                .containsEntry("CA_ADDR", "p:1")
                .containsEntry("PROXY_CONFIG", "a: b\ndiscoveryAddress: p:1\n");
        assertThat(read(Map.of("CA_ADDR", "c:2", "PROV_CERT", "")).environment())
                .containsEntry("CA_ADDR", "c:2")
                .containsEntry("PROV_CERT", "");
    }

    @Test
    void argumentsChooseTheSteps() throws IOException {
        assertThat(steps(read(Map.of(), "clean"))).isEqualTo("clean");
        assertThat(steps(read(Map.of(), "init"))).isEqualTo("clean redirect");
        assertThat(steps(read(Map.of(), "-p"))).isEqualTo("clean redirect");
        assertThat(steps(read(Map.of(), "run"))).isEqualTo("run");
        Map<String, String> own = Map.of("ISTIO_CUSTOM_IP_TABLES", "true");
        assertThat(steps(read(own))).isEqualTo("run");
        assertThat(steps(read(own, "clean"))).isEmpty();
    }

    private static String steps(StartSettings settings) {
        return ((settings.clean() ? "clean " : "")
                        + (settings.redirect() ? "redirect " : "")
                        + (settings.run() ? "run" : ""))
                .strip();
    }

    @Test
    void transparentInterceptionNeedsRoot() throws IOException {
        write("sidecar.env", "ISTIO_INBOUND_INTERCEPTION_MODE=TPROXY\nISTIO_BIN_BASE=/opt/istio\n");
        assertThat(read(Map.of()).user()).isEqualTo("root");
        assertThat(read(Map.of()).program()).isEqualTo("/opt/istio/pilot-agent");
        assertThat(read(Map.of("EXEC_USER", "mesh")).user()).isEqualTo("root");
    }

    @Test
    void whatNeedsAShellIsSaid() throws IOException {
        write("sidecar.env", "A=$(hostname)\n");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining("sidecar.env, line 1");
    }
}
