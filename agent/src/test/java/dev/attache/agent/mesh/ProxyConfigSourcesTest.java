package dev.attache.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyConfigSourcesTest {

    @TempDir Path directory;

    @Test
    void withoutAnySourceTheDefaultsHold() {
        ProxyConfig config = resolve(Map.of());

        assertThat(config.toJson())
                .isEqualTo(
                        """
                        {"binaryPath":"/usr/local/bin/envoy","configPath":"./etc/istio/proxy",\
                        "controlPlaneAuthPolicy":"MUTUAL_TLS",\
                        "discoveryAddress":"istiod.istio-system.svc:15012","drainDuration":"45s",\
                        "proxyAdminPort":15000,"serviceCluster":"istio-proxy","statNameLength":189,\
                        "statusPort":15020,"terminationDrainDuration":"5s"}\
                        """);
        assertThat(config.drainDuration()).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.controlPlaneMutualTls()).isTrue();
    }

    @Test
    void eachSourceIsLaidOverTheOneBefore() throws IOException {
        write(
                "etc/istio/config/mesh",
                """
                trustDomain: example.org
                defaultConfig:
                  discoveryAddress: file.example:15012
                  statusPort: 1
                  concurrency: 3
                  proxyMetadata: {A: file, B: file}
                  extraStatTags: [one, two]
                """);
        write(
                "etc/istio/pod/annotations",
                """
                proxy.istio.io/config="proxyMetadata:\\n  C: annotation\\nextraStatTags: [three]\\n"
                status.sidecar.istio.io/port="3"
                """);
        ProxyConfig config =
                resolve(
                        Map.of(
                                "PROXY_CONFIG",
                                "{\"statusPort\":2,\"proxyMetadata\":{\"B\":\"variable\"}}",
                                "ISTIO_CPU_LIMIT",
                                "7"));

        assertThat(config.discoveryAddress()).isEqualTo("file.example:15012");
        assertThat(config.statusPort()).isEqualTo(3);
        assertThat(config.concurrency()).isEqualTo(3);
        assertThat(config.extraStatTags()).containsExactly("three");
        assertThat(config.proxyMetadata())
                .isEqualTo(Map.of("A", "file", "B", "variable", "C", "annotation"));
    }

    @Test
    void valuesAreReadAsProtobufsJson() {
        ProxyConfig config =
                resolve(
                        Map.of(
                                "PROXY_CONFIG",
                                """
                                drain_duration: 1m30s
                                terminationDrainDuration: 1500ms
                                controlPlaneAuthPolicy: 0
                                interceptionMode: TPROXY
                                tracingServiceName: CANONICAL_NAME_ONLY
                                concurrency: 0
                                holdApplicationUntilProxyStarts: no
                                proxyStatsMatcher: {}
                                tracing:
                                  sampling: 1.50
                                  stackdriver: {maxNumberOfAttributes: 7, debug: false}
                                readinessProbe: {httpGet: {port: "8080"}, periodSeconds: 0}
                                binaryPath: null
                                """));

        assertThat(config.toJson())
                .contains("\"drainDuration\":\"90s\"", "\"terminationDrainDuration\":\"1.500s\"")
                .contains("\"interceptionMode\":\"TPROXY\"", "\"concurrency\":0")
                .contains("\"holdApplicationUntilProxyStarts\":false", "\"proxyStatsMatcher\":{}")
                .contains("{\"stackdriver\":{\"maxNumberOfAttributes\":\"7\"},\"sampling\":1.5}")
                .contains("\"readinessProbe\":{\"httpGet\":{\"port\":8080}}")
                .contains("\"binaryPath\":\"/usr/local/bin/envoy\"")
                .doesNotContain("controlPlaneAuthPolicy", "serviceCluster");
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        refused(
                "statusPort: many",
                "PROXY_CONFIG: proxyConfig.statusPort is \"many\", not a whole");
        refused("proxyMetadata: {A: true}", "proxyMetadata[A] is true, not text; put it in quotes");
        refused("drainDuration: 30", "drainDuration is 30, not a duration; write it in quotes");
        refused("interceptionMode: NEVER", "not one of REDIRECT, TPROXY, NONE; take one of them");
        refused("extraStatTags: one", "extraStatTags is \"one\", not a list; put it in [ ]");
        refused("statusPort: 70000", "statusPort: port number 70000 must be in the range 1..65535");
        refused("discoveryAddress: istiod", "missing port in address; write host:port");
        refused("- a", "proxyConfig is [\"a\"], not an object; give its fields by name");
        refused("a: b: c", "no YAML");
    }

    @Test
    void whatIsNotKnownIsSaid() {
        ProxyConfigSources sources =
                new ProxyConfigSources(
                        new Environment(Map.of("PROXY_CONFIG", "{parentShutdownDuration: 60s}")),
                        new AgentFiles(directory));

        sources.resolve("", "istio-proxy", 0);

        assertThat(sources.warnings())
                .singleElement()
                .asString()
                .contains("parentShutdownDuration has no effect")
                .contains("the variable PROXY_CONFIG");
    }

    private void refused(String config, String error) {
        assertThatThrownBy(() -> resolve(Map.of("PROXY_CONFIG", config)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(error);
    }

    private ProxyConfig resolve(Map<String, String> variables) {
        return new ProxyConfigSources(new Environment(variables), new AgentFiles(directory))
                .resolve("./etc/istio/config/mesh", "istio-proxy", 0);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
