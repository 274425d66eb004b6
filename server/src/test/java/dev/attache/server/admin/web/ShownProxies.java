package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.proxy.address.IpAddress;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Proxies that a browser looks at, and the upstream behind them, which has a page of its own: that
 * of another site. A name in their configuration is markup, a host is not healthy, a certificate
 * has expired.
 */
final class ShownProxies implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static final String HOSTILE = "<img src=x onerror=document.title=1>";

    private static final String BOOTSTRAP =
            """
            node: {id: the-node, cluster: the-cluster}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              listeners:
              - name: ingress
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - name: plain
                  filters: [&manager
                    {name: envoy.filters.network.http_connection_manager, typed_config: {
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                      stat_prefix: ingress,
                      route_config: {name: shop, virtual_hosts: [
                        {name: "%1$s", domains: ["*"], routes: [
                          {match: {prefix: /missing}, direct_response: {status: 503}},
                          {match: {prefix: /}, route: {cluster: catalog}}]}]},
                      http_filters: [{name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]
              - name: secure
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filter_chain_match: {server_names: [shop.example]}
                  transport_socket:
                    name: envoy.transport_sockets.tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                      common_tls_context:
                        tls_certificates:
                        - {certificate_chain: {inline_bytes: %2$s}, private_key: {inline_bytes: %3$s}}
                        - {certificate_chain: {inline_bytes: %4$s}, private_key: {inline_bytes: %5$s}}
                  filters: [*manager]
              clusters:
              - name: catalog
                load_assignment: {cluster_name: catalog, endpoints: [{lb_endpoints: [
                  {endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %6$d}}}}]}]}
              - name: ailing
                load_assignment: {cluster_name: ailing, endpoints: [{lb_endpoints: [
                  {health_status: UNHEALTHY, endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %6$d}}}}]}]}
            """;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpServer upstream = serve();

    ShownProxies() throws IOException {}

    private static HttpServer serve() throws IOException {
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        http.createContext(
                "/evil.html",
                exchange -> {
                    byte[] page = "<title>evil</title>".getBytes(StandardCharsets.US_ASCII);
                    exchange.getResponseHeaders().set("content-type", "text/html");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        http.start();
        return http;
    }

    /** The upstream's port. */
    int upstream() {
        return upstream.getAddress().getPort();
    }

    private static String inline(byte[] pem) {
        return Base64.getEncoder().encodeToString(pem);
    }

    /**
     * Starts one.
     *
     * @param settings what its flags say
     * @param clusters how many it has that nobody uses
     */
    AttacheServer start(UnaryOperator<ServerOptions.Builder> settings, int clusters)
            throws Exception {
        TestCertificates authority = TestCertificates.authority("CN=the authority");
        TestCertificates.Issued good = authority.leaf("CN=shop").dns("shop.example").issue();
        TestCertificates.Issued old =
                authority.leaf("CN=old").dns("old.example").rsa().expired().issue();
        StringBuilder yaml =
                new StringBuilder(
                        BOOTSTRAP.formatted(
                                HOSTILE,
                                inline(good.chainPem()),
                                inline(good.keyPem()),
                                inline(old.chainPem()),
                                inline(old.keyPem()),
                                upstream()));
        for (int i = 0; i < clusters; i++) {
            yaml.append("  - {name: outbound-").append(i).append("}\n");
        }
        ServerOptions options =
                settings.apply(ServerOptions.builder().configYaml(yaml.toString()).concurrency(1))
                        .build();
        AttacheServer started = AttacheServer.start(options);
        open.add(started);
        assertThat(started.awaitLive(Duration.ofSeconds(60))).isTrue();
        return started;
    }

    /** Where its admin port is. */
    static String origin(AttacheServer of) {
        IpAddress address = (IpAddress) Objects.requireNonNull(of.adminAddress());
        return "http://127.0.0.1:" + address.port();
    }

    /** Without a browser: GET, or with header fields POST. */
    static HttpResponse<String> send(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers).POST(HttpRequest.BodyPublishers.noBody());
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        upstream.stop(0);
    }
}
