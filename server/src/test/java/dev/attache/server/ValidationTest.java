package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ReviewOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation follows files of CDS, EDS, LDS, RDS, ECDS and SDS, whatever they name in turn. */
final class ValidationTest {

    @TempDir Path directory;

    @BeforeEach
    void allIsWell() throws IOException {
        write(
                "lds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
                  name: web
                  address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                  filter_chains:
                  - filters:
                    - name: hcm
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: web
                        rds: {route_config_name: shop, config_source: {resource_api_version: V3, path_config_source: {path: "DIR/rds.yaml"}}}
                        http_filters:
                        - name: found
                          config_discovery:
                            config_source: {resource_api_version: V3, path_config_source: {path: "DIR/ecds.yaml"}}
                            type_urls: [type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer]
                        - name: router
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """);
        write(
                "cds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
                  name: goods
                  type: EDS
                  eds_cluster_config: {eds_config: {resource_api_version: V3, path_config_source: {path: "DIR/eds.yaml"}}}
                  transport_socket:
                    name: tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                      common_tls_context:
                        validation_context_sds_secret_config: {name: roots, sds_config: {resource_api_version: V3, path_config_source: {path: "DIR/sds.yaml"}}}
                """);
        rds("cluster: goods");
        eds("goods", "127.0.0.1");
        ecds("max_request_bytes: 10");
        sds("{}");
    }

    private void rds(String action) throws IOException {
        write(
                "rds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
                  name: shop
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - match: {prefix: /}
                      route: {ACTION}
                """
                        .replace("ACTION", action));
    }

    private void eds(String name, String address) throws IOException {
        write(
                "eds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
                  cluster_name: NAME
                  endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ADDRESS, port_value: 80}}}}]}]
                """
                        .replace("NAME", name)
                        .replace("ADDRESS", address));
    }

    private void ecds(String settings) throws IOException {
        write(
                "ecds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig
                  name: found
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, SETTINGS}
                """
                        .replace("SETTINGS", settings));
    }

    private void sds(String validation) throws IOException {
        write(
                "sds.yaml",
                """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: roots
                  validation_context: VALIDATION
                """
                        .replace("VALIDATION", validation));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content.replace("DIR", directory.toString()));
    }

    private String bootstrap() {
        return """
        node: {id: node, cluster: tests}
        dynamic_resources:
          lds_config: {resource_api_version: V3, path_config_source: {path: "DIR/lds.yaml"}}
          cds_config: {resource_api_version: V3, path_config_source: {path: "DIR/cds.yaml"}}
        """
                .replace("DIR", directory.toString());
    }

    private void validate(ReviewOptions review) throws StartupException {
        Validation.run(
                ServerOptions.builder()
                        .configYaml(bootstrap())
                        .concurrency(1)
                        .review(review)
                        .build());
    }

    private String refusal() {
        assertThatCode(() -> validate(new ReviewOptions(true, false))).doesNotThrowAnyException();
        Throwable[] thrown = new Throwable[1];
        assertThatThrownBy(() -> validate(ReviewOptions.DEFAULTS))
                .isInstanceOf(StartupException.class)
                .satisfies(each -> thrown[0] = each);
        return String.valueOf(thrown[0].getMessage());
    }

    @Test
    void whatIsRightIsTakenWithoutAWarning() {
        assertThatCode(() -> validate(new ReviewOptions(false, true))).doesNotThrowAnyException();
    }

    @Test
    void everyFileThatIsNamedIsRead() throws IOException {
        rds("cluster: goods, timeout: -1s");
        eds("goods", "nowhere.example");
        ecds("max_request_bytes: 0");
        sds("{trusted_ca: {filename: /no/such/ca.pem}}");
        assertThat(refusal())
                .contains(
                        directory + "/rds.yaml:9:",
                        "route configuration 'shop': virtual_hosts[0].routes[0].route.timeout:",
                        directory + "/eds.yaml:4:",
                        "malformed IP address: nowhere.example",
                        directory + "/ecds.yaml:4:",
                        "max_request_bytes",
                        directory + "/sds.yaml:",
                        "/no/such/ca.pem");
    }

    @Test
    void aFileThatIsNotThereIsNamedInTheWordsOfTheRunningProxy() throws IOException {
        Files.delete(directory.resolve("rds.yaml"));
        assertThat(refusal())
                .contains(
                        directory + "/lds.yaml:11:",
                        "listener 'web': filter_chains[0].filters[0].typed_config.rds.config_source"
                                + ".path_config_source.path: paths must refer to an existing path in"
                                + " the system: '"
                                + directory
                                + "/rds.yaml' does not exist");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithLineAndColumn() throws IOException {
        write("cds.yaml", "resources:\n- \"@type\": [\n");
        assertThat(refusal()).contains(directory + "/cds.yaml:");
        write(
                "cds.yaml",
                "resources: [{\"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster,"
                        + " name: goods, type: [1]}]");
        assertThat(refusal()).contains(directory + "/cds.yaml:1:", "resources[0].type");
    }

    @Test
    void aFileWithAnotherResourceThanIsAskedForIsRefused() throws IOException {
        eds("others", "127.0.0.1");
        assertThat(refusal()).contains("Unexpected EDS cluster (expecting goods): others");
    }

    @Test
    void warningsMayBeErrors() throws IOException {
        rds("cluster: elsewhere");
        assertThatCode(() -> validate(ReviewOptions.DEFAULTS)).doesNotThrowAnyException();
        assertThatThrownBy(() -> validate(new ReviewOptions(false, true)))
                .hasMessage("1 warning, which --warnings-as-errors makes errors");
    }
}
