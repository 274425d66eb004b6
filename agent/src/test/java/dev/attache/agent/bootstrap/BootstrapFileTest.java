package dev.attache.agent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.bootstrap.node.NodeAddresses;
import dev.attache.agent.bootstrap.node.NodeFactory;
import dev.attache.agent.bootstrap.node.NodeSettings;
import dev.attache.agent.bootstrap.platform.Locality;
import dev.attache.agent.bootstrap.platform.Platform;
import dev.attache.agent.bootstrap.template.TemplateException;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapFileTest {

    @TempDir Path directory;

    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, Object> config = new LinkedHashMap<>();

    @Test
    void theNodeIsMadeOfVariablesAndFiles() throws Exception {
        variables.put("POD_NAME", "p");
        variables.put("POD_NAMESPACE", "ns");
        variables.put("SERVICE_ACCOUNT", "sa");
        variables.put("ISTIO_META_CLUSTER_ID", "c");
        variables.put("ISTIO_META_DNS_CAPTURE", "1");
        variables.put("ISTIO_META_POD_PORTS", "[{\"containerPort\":80,\"protocol\":\"TCP\"}]");
        variables.put("ISTIO_METAJSON_LABELS", "{\"app\":\"a\",\"istio-locality\":\"r.z.s\"}");
        variables.put("ISTIO_METAJSON_BAD", "[1]");
        config.put("proxyMetadata", Map.of("ISTIO_META_CLUSTER_ID", "other", "ISTIO_META_X", "y"));
        Files.createDirectories(directory.resolve("etc/istio/pod"));
        Files.writeString(
                directory.resolve("etc/istio/pod/labels"), "app=\"b\"\npod-template-hash=\"7\"\n");
        NodeFactory factory =
                new NodeFactory(new Environment(variables), new AgentFiles(directory));

        Node node = factory.make(settings("10.0.0.1"));

        assertThat(node.id()).isEqualTo("sidecar~10.0.0.1~p.ns~ns.svc.cluster.local");
        assertThat(node.cluster()).isEqualTo("b.ns");
        assertThat(node.locality()).isEqualTo(new Locality("r", "z", "s"));
        assertThat(factory.warnings()).singleElement().asString().contains("ISTIO_METAJSON_BAD");
        Map<String, Object> metadata = node.metadata().tree();
        assertThat(metadata)
                .containsEntry("CLUSTER_ID", "c")
                .containsEntry("X", "y")
                .containsEntry("DNS_CAPTURE", "true")
                .containsEntry("NAME", "p")
                .containsEntry("SERVICE_ACCOUNT", "sa")
                .containsEntry("METADATA_DISCOVERY", "false")
                .containsEntry("POD_PORTS", "[{\"containerPort\":80,\"protocol\":\"TCP\"}]")
                .containsEntry("app", "a");
        assertThat(metadata.get("LABELS")).isEqualTo(Map.of("app", "b", "istio-locality", "r/z/s"));
        assertThat(metadata.get("STATIC_LABELS"))
                .isEqualTo(Map.of("app", "a", "istio-locality", "r.z.s"));
    }

    @Test
    void metadataThatHasATypeIsRefusedWhereItDoesNotFit() {
        variables.put("ISTIO_META_ENVOY_STATUS_PORT", "1");

        assertThatThrownBy(this::node)
                .hasMessage(
                        "node metadata ENVOY_STATUS_PORT is \"1\", not a whole number; set the"
                                + " variable ENVOY_STATUS_PORT, without ISTIO_META_, instead");
    }

    @Test
    void ourTemplateMakesABootstrap() throws Exception {
        variables.put("ISTIO_META_ENABLE_HBONE", "true");
        config.put("proxyMetadata", Map.of("METRICS_LOCALHOST_ACCESS_ONLY", "true"));
        config.put("statsdUdpAddress", "127.0.0.1:8125");
        config.put(
                "tracing",
                Map.of(
                        "zipkin", Map.of("address", "z:9411"),
                        "tlsSettings", Map.of("mode", "SIMPLE", "caCertificates", "/ca")));

        Map<String, Object> made = GoldenCase.map(Json.parse(text(List.of())));

        assertThat(made.keySet())
                .contains("node", "admin", "static_resources", "dynamic_resources", "tracing")
                .doesNotContain("cluster_manager");
        String all = Json.print(made);
        assertThat(all)
                .contains("istio.workload.BootstrapExtension", "\"127.0.0.1_15090\"")
                .contains("\"collector_cluster\":\"zipkin\"", "\"name\":\"file-root:/ca\"")
                .contains("{\"address\":\"127.0.0.1\",\"port_value\":8125}")
                .doesNotContain("upstream_bind_config");
    }

    @Test
    void connectionsAreBoundWhereTheMachineHasAnInterfaceForData() throws Exception {
        String all = Json.print(Json.parse(text(List.of("10.1.0.1", "fd00::1"))));

        assertThat(all)
                .contains(
                        "\"upstream_bind_config\":{\"source_address\":{\"address\":\"10.1.0.1\","
                                + "\"port_value\":0},\"extra_source_addresses\":[{\"address\":"
                                + "{\"address\":\"fd00::1\",\"port_value\":0}}]}")
                .contains(
                        "\"upstream_bind_config\":{\"source_address\":{\"address\":\"127.0.0.1\"");
    }

    @Test
    void aTemplateThatIsWrongIsSaidByLine() throws IOException {
        Files.writeString(directory.resolve("t.json"), "{\n  \"a\": {{ .config.Nothing }}\n}");
        variables.put("ISTIO_BOOTSTRAP", "t.json");

        assertThatThrownBy(() -> text(List.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage(
                        "template: bootstrap:2:17: executing \"bootstrap\" at <.config.Nothing>:"
                                + " can't evaluate field Nothing in type interface {}"
                                + " (file t.json)");
    }

    @Test
    void filesAreWrittenAsIstiosAre() throws Exception {
        variables.put("OUTPUT_CERTS", "/certs");
        config.put("configPath", "./etc/istio/proxy");
        Environment environment = new Environment(variables);
        AgentFiles files = new AgentFiles(directory);

        BootstrapFile.Written written =
                new BootstrapFile(environment, files)
                        .write(node(), proxyConfig(), false, List.of());
        Path grpc = GrpcBootstrap.write(node(), proxyConfig(), environment, files, "/certs");

        assertThat(written.path()).isEqualTo(directory.resolve("etc/istio/proxy/envoy-rev.json"));
        assertThat(directory.resolve("etc/istio/proxy").toFile().list())
                .containsExactlyInAnyOrder("envoy-rev.json", "grpc-bootstrap.json");
        assertThat(grpc).isNotNull();
        assertThat(Files.readString(grpc))
                .contains("\"server_uri\": \"unix:///etc/istio/proxy/XDS\"")
                .contains(
                        "\"GENERATOR\": \"grpc\"",
                        "\"certificate_file\": \"/certs/cert-chain.pem\"");
        written.remove();
        assertThat(written.path()).doesNotExist();
    }

    private String text(List<String> data) throws IOException, TemplateException {
        return new BootstrapFile(new Environment(variables), new AgentFiles(directory))
                .text(node(), proxyConfig(), false, data);
    }

    private Node node() {
        return new NodeFactory(new Environment(variables), new AgentFiles(directory))
                .make(settings("10.0.0.1"));
    }

    private ProxyConfig proxyConfig() {
        Map<String, Object> all = new LinkedHashMap<>(ProxyConfig.defaults().tree());
        all.putAll(config);
        return ProxyConfig.of(all);
    }

    private NodeSettings settings(String address) {
        return new NodeSettings(
                "sidecar",
                "",
                new NodeAddresses(List.of(address)),
                proxyConfig(),
                Platform.UNKNOWN,
                "",
                0,
                false,
                false,
                "1.31.0");
    }
}
