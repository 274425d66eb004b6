package dev.attache.mesh;

import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Agent and proxy in one process, with a worker and a listener that is in its bootstrap: it serves
 * whatever the mesh does.
 */
final class LoneAgent {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final HttpClient client = HttpClient.newHttpClient();
    final int served = Ports.free();
    final int admin = Ports.free();
    final int status = Ports.free();
    final int names = Ports.free();

    /** Status and body, or why there is no answer. */
    String get(int port, String path) {
        try {
            HttpResponse<String> answer = client.send(request(port, path), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return String.valueOf(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
    }

    /** Whether a request goes through the proxy. */
    boolean serves() {
        return get(served, "/").equals("200 served");
    }

    /** Its variables, with names served. */
    Map<String, String> environment(Path home, int controlPlane, int authority) throws IOException {
        Files.createDirectories(home.resolve("var/run/secrets/tokens"));
        Files.writeString(home.resolve("var/run/secrets/tokens/istio-token"), "a.b.c");
        Files.createDirectories(home.resolve("var/run/secrets/istio"));
        Files.write(
                home.resolve("var/run/secrets/istio/root-cert.pem"),
                TestCertificates.authority("CN=mesh").self().certificatePem());
        Path bootstrap = Files.writeString(home.resolve("bootstrap.yaml"), bootstrap(home));
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "PROXY_CONFIG",
                """
                {"customConfigFile": "%s", "configPath": "%s", "proxyAdminPort": %d, "statusPort": %d, "concurrency": 1,
                 "discoveryAddress": "localhost:%d", "controlPlaneAuthPolicy": "NONE"}\
                """
                        .formatted(bootstrap, home, admin, status, controlPlane));
        environment.put("CA_ADDR", "localhost:" + authority);
        environment.put("CLOUD_PLATFORM", "none");
        environment.put("INSTANCE_IP", "127.0.0.1");
        environment.put("ISTIO_META_DNS_CAPTURE", "true");
        environment.put("DNS_PROXY_ADDR", "127.0.0.1:" + names);
        return environment;
    }

    private String bootstrap(Path home) {
        return """
        node: {id: "sidecar~127.0.0.1~lone.default~default.svc.cluster.local", cluster: lone.default}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          lds_config: {ads: {}, initial_fetch_timeout: 1s, resource_api_version: V3}
          cds_config: {ads: {}, initial_fetch_timeout: 1s, resource_api_version: V3}
          ads_config: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds-grpc}}]}
        static_resources:
          clusters:
          - name: xds-grpc
            type: STATIC
            typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}
            load_assignment: {cluster_name: xds-grpc, endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: "%s/XDS"}}}}]}]}
          listeners:
          - name: served
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: served
                  route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: served}}}]}]}
                  http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
        """
                .formatted(admin, home, served);
    }
}
