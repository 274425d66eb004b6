package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of all three tiers in one chain of the launcher's proxy: a filter of heads, one that
 * waits for a service on a virtual thread, and one that streams.
 */
@Tag("conformance")
final class AuthorFiltersIT {

    @TempDir Path directory;

    @Test
    void filtersOfAllTiersServeInOneChain() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        int service = Ports.free();
        ExampleJar.build("hello-filter", directory);
        ExampleJar.build("customer-filter", directory);
        Path extensions = ExampleJar.build("mask-filter", directory);
        Path config = config(admin, listener, service);
        try (ProxyProcess proxy =
                ProxyProcess.start(
                        Peers.subject(),
                        config,
                        directory,
                        admin,
                        List.of(),
                        Map.of("ATTACHE_EXTENSIONS", extensions.toString()))) {
            HttpResponse<String> page = get(listener, "/", "k1");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).isEqualTo("Hello Ada, card ************1111\n");
            assertThat(page.headers().firstValue("x-hello")).contains("good day");
            assertThat(get(listener, "/plain", "k1").body()).isEqualTo("card 4111111111111111\n");
            HttpResponse<String> unknown = get(listener, "/", "k2");
            assertThat(unknown.statusCode()).isEqualTo(403);
            assertThat(unknown.body()).isEqualTo("nobody has this key\n");
            assertThat(get(listener, "/", "").statusCode()).isEqualTo(401);
            assertThat(get(listener, "/forbidden", "k1").body()).isEqualTo("not here\n");
            assertThat(proxy.admin("GET", "/stats").body())
                    .contains(
                            "http.main.customer.lookups.outcome.known: 2",
                            "http.main.customer.lookups.outcome.unknown: 1",
                            "http.main.mask.numbers.action.masked: 1",
                            "http.main.hello.greeted: 5",
                            "cluster.customers.upstream_rq_200: 2");
            assertThat(proxy.admin("GET", "/stats/prometheus").body())
                    .contains(
                            "envoy_http_customer_lookups{envoy_http_conn_manager_prefix=\"main\","
                                    + "outcome=\"known\"} 2")
                    .contains("envoy_http_customer_lookup_ms_count");
        }
    }

    private Path config(int admin, int listener, int service) throws IOException {
        return Files.writeString(
                directory.resolve("envoy.yaml"),
                """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                static_resources:
                  clusters:
                  - name: customers
                    type: STATIC
                    load_assignment:
                      cluster_name: customers
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
                  listeners:
                  - name: customers
                    address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                    filter_chains:
                    - filters:
                      - name: hcm
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: customers
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {path: /customers, headers: [{name: x-api-key, string_match: {exact: k1}}]}
                                direct_response: {status: 200, body: {inline_string: "Ada\\n"}}
                          http_filters:
                          - name: router
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  - name: main
                    address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                    filter_chains:
                    - filters:
                      - name: hcm
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: main
                          route_config:
                            response_headers_to_add: [{header: {key: content-type, value: text/html}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}]
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {path: /plain}
                                direct_response: {status: 200, body: {inline_string: "card 4111111111111111\\n"}}
                                typed_per_filter_config:
                                  mask:
                                    "@type": type.googleapis.com/xds.type.v3.TypedStruct
                                    type_url: type.googleapis.com/com.example.mask
                                    value: {enabled: false}
                              - match: {prefix: /}
                                direct_response: {status: 200, body: {inline_string: "Hello {{customer}}, card 4111111111111111\\n"}}
                          http_filters:
                          - name: hello
                            typed_config:
                              "@type": type.googleapis.com/xds.type.v3.TypedStruct
                              type_url: type.googleapis.com/com.example.hello
                              value: {greeting: good day}
                          - name: customer
                            typed_config:
                              "@type": type.googleapis.com/xds.type.v3.TypedStruct
                              type_url: type.googleapis.com/com.example.customer
                              value: {cluster: customers, timeout: 5s}
                          - name: mask
                            typed_config:
                              "@type": type.googleapis.com/xds.type.v3.TypedStruct
                              type_url: type.googleapis.com/com.example.mask
                              value: {least_digits: 13}
                          - name: router
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """
                        .formatted(admin, service, service, listener));
    }

    /**
     * @param key empty: none is sent
     */
    private static HttpResponse<String> get(int port, String path, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!key.isEmpty()) {
            request.header("x-api-key", key);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
