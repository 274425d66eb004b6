package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.IdentityProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cookies of {@code oauth2} beside the real Envoy: a login that one proxy began the other
 * finishes, and a session that one made the other takes, in both kinds of encryption.
 */
@Tag("conformance")
final class Oauth2SessionsIT {

    private static final String CONFIG =
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
            layered_runtime: {layers: [{name: s, static_layer: {envoy.reloadable_features.oauth2_use_gcm_encryption: %s}}]}
            static_resources:
              secrets:
                - {name: token, generic_secret: {secret: {inline_string: for the token endpoint}}}
                - {name: hmac, generic_secret: {secret: {inline_string: for cookies}}}
              listeners:
                - address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                  filter_chains:
                    - filters:
                        - name: http
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                            stat_prefix: main
                            route_config:
                              virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: inside}}}]}]
                            http_filters:
                              - name: envoy.filters.http.oauth2
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.filters.http.oauth2.v3.OAuth2
                                  config:
                                    token_endpoint: {cluster: idp, uri: "http://idp/token", timeout: 10s}
                                    authorization_endpoint: http://idp/authorize
                                    redirect_uri: http://app.example/callback
                                    redirect_path_matcher: {path: {exact: /callback}}
                                    signout_path: {path: {exact: /signout}}
                                    credentials: {client_id: me, token_secret: {name: token}, hmac_secret: {name: hmac}, cookie_domain: app.example}
                              - name: router
                                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
                - name: idp
                  type: STATIC
                  load_assignment: {cluster_name: idp, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sessionsAreInterchangeable(boolean gcm, @TempDir Path directory) throws Exception {
        int[] ports = {Ports.free(), Ports.free(), Ports.free(), Ports.free()};
        try (IdentityProvider idp = new IdentityProvider();
                ProxyProcess envoy =
                        start(Peers.envoy(), directory.resolve("e"), gcm, ports[0], ports[1], idp);
                ProxyProcess ours =
                        start(
                                Peers.subject(),
                                directory.resolve("a"),
                                gcm,
                                ports[2],
                                ports[3],
                                idp)) {
            assertThat(envoy.admin("GET", "/ready").statusCode()).isEqualTo(200);
            assertThat(ours.admin("GET", "/ready").statusCode()).isEqualTo(200);
            logIn(ports[1], ports[3], ports[1], idp);
            logIn(ports[3], ports[1], ports[3], idp);
            logIn(ports[1], ports[1], ports[3], idp);
            logIn(ports[3], ports[3], ports[1], idp);
        }
    }

    private static ProxyProcess start(
            Path binary, Path directory, boolean gcm, int admin, int port, IdentityProvider idp)
            throws Exception {
        Files.createDirectories(directory);
        Path config = directory.resolve("envoy.yaml");
        Files.writeString(config, CONFIG.formatted(admin, gcm, port, idp.port()));
        return ProxyProcess.start(binary, config, directory, admin, List.of());
    }

    /** A login of three steps, each at the proxy of a port. */
    private void logIn(int begins, int finishes, int serves, IdentityProvider idp)
            throws Exception {
        Map<String, String> cookies = new LinkedHashMap<>();
        HttpResponse<String> sent = get(begins, "/inner", cookies);
        assertThat(sent.statusCode()).isEqualTo(302);
        String location = sent.headers().firstValue("location").orElseThrow();
        String query = location.substring(location.indexOf('?') + 1);
        HttpResponse<String> back =
                get(finishes, "/callback?" + idp.login(IdentityProvider.pairs(query)), cookies);
        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(back.headers().firstValue("location").orElseThrow()).endsWith("/inner");
        HttpResponse<String> inside = get(serves, "/inner", cookies);
        assertThat(inside.statusCode()).isEqualTo(200);
        assertThat(inside.body()).isEqualTo("inside");
    }

    private HttpResponse<String> get(int port, String path, Map<String, String> cookies)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        StringBuilder sent = new StringBuilder();
        cookies.forEach((name, value) ->
                sent.append(sent.isEmpty() ? "" : "; ").append(name).append('=').append(value));
        if (!sent.isEmpty()) {
            request.header("cookie", sent.toString());
        }
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String line : response.headers().allValues("set-cookie")) {
            String pair = line.substring(0, line.indexOf(';'));
            String name = pair.substring(0, pair.indexOf('='));
            if (pair.endsWith("=deleted")) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair.substring(name.length() + 1));
            }
        }
        return response;
    }
}
