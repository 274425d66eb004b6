package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS with peers that are not us: OpenSSL's client, and Envoy over mutual TLS in both directions.
 */
@Tag("conformance")
final class TlsPeersIT {

    /** How Istio names a service's port and subset to the peer's proxy. */
    private static final String ISTIO_NAME = "outbound_.80_.v1_.reviews.default.svc.cluster.local";

    private static final Pattern TELLING =
            Pattern.compile("HTTP/1\\.1 [0-9]+|Reused|New, |Max Early Data: [0-9]+|alert [a-z ]+");

    private static final String TLS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.";
    private static final String NETWORK = "type.googleapis.com/envoy.extensions.filters.network.";

    @TempDir private Path directory;

    /**
     * Sessions of one listener at others (a copy of it, one with more rules, one without the ticket
     * key, one for a server name), early data, renegotiation, and key updates without end.
     */
    @Test
    void whatOpensslsClientMayDoIsWhatItMayDoWithEnvoy() throws Exception {
        assertThat(openssl("ours", Peers.subject())).isEqualTo(openssl("envoy", Peers.envoy()));
    }

    private List<String> openssl(String name, Path binary) throws Exception {
        Path work = Files.createDirectories(directory.resolve(name));
        Certificates keys = new Certificates(Files.createDirectories(work.resolve("keys")));
        byte[] ticketKey = new byte[80];
        Arrays.fill(ticketKey, (byte) 5);
        Files.write(work.resolve("tickets"), ticketKey);
        String rule =
                "match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: client.test}}]";
        String tickets =
                "session_ticket_keys: {keys: [{filename: \"" + work.resolve("tickets") + "\"}]}";
        int admin = Ports.free();
        int[] ports = {
            Ports.free(), Ports.free(), Ports.free(), Ports.free(), Ports.free(), Ports.free()
        };
        List<String> listeners =
                List.of(
                        listener("one", ports[0], keys, "", tickets, ""),
                        listener("two", ports[1], keys, "", tickets, ""),
                        listener("rule", ports[2], keys, rule, tickets, ""),
                        listener("own", ports[3], keys, "", "", ""),
                        listener("own2", ports[4], keys, "", "", ""),
                        listener("named", ports[5], keys, "", tickets, "client.test"));
        List<String> seen = new ArrayList<>();
        try (ProxyProcess proxy = start(binary, work, admin, listeners, List.of())) {
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                client(work, keys, ports[0], version, "GET", "-sess_out", "one");
                client(work, keys, ports[3], version, "GET", "-sess_out", "own");
                for (int i = 0; i < ports.length; i++) {
                    String session = i == 4 ? "own" : "one";
                    seen.add(
                            version
                                    + i
                                    + client(
                                            work,
                                            keys,
                                            ports[i],
                                            version,
                                            "GET",
                                            "-sess_in",
                                            session));
                }
            }
            seen.add("renegotiation " + client(work, keys, ports[0], "-tls1_2", "R"));
            seen.add("updates " + client(work, keys, ports[0], "-tls1_3", "k", "-msg"));
            assertThat(proxy.alive()).isTrue();
            seen.add(settled(admin, "/stats?filter=ssl.connection_error"));
        }
        return seen;
    }

    /** The page once it says the same several times: ends of connections are noticed in time. */
    private static String settled(int admin, String page) throws InterruptedException {
        String last = "";
        int same = 0;
        for (int i = 0; i < 40 && same < 4; i++) {
            String now = PeerProcess.http("GET", admin, page);
            same = now.equals(last) ? same + 1 : 0;
            last = now;
            Thread.sleep(200);
        }
        return last;
    }

    private ProxyProcess start(
            Path binary, Path work, int admin, List<String> listeners, List<String> clusters)
            throws Exception {
        String config =
                """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                node: {id: id, cluster: cluster}
                static_resources:
                  listeners:
                %s
                  clusters:
                %s
                """
                        .formatted(
                                admin,
                                String.join("\n", listeners).indent(2),
                                clusters.isEmpty()
                                        ? "    []"
                                        : String.join("\n", clusters).indent(2));
        return ProxyProcess.start(
                binary,
                Files.writeString(work.resolve("envoy.yaml"), config),
                work,
                admin,
                List.of());
    }

    private static String listener(
            String name, int port, Certificates keys, String rule, String tickets, String sni) {
        return """
        - name: %s
          stat_prefix: %s
          address: {socket_address: {address: 127.0.0.1, port_value: %d}}
          %s
          filter_chains:
          - filter_chain_match: {%s}
            filters: [{name: hcm, typed_config: {"@type": %shttp_connection_manager.v3.HttpConnectionManager, stat_prefix: h, route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}, http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]
            transport_socket:
              name: tls
              typed_config:
                "@type": %sDownstreamTlsContext
                require_client_certificate: true
                %s
                common_tls_context:
                  tls_certificates: [%s]
                  validation_context: {trusted_ca: {filename: "%s"}, %s}
        """
                .formatted(
                        name,
                        name,
                        port,
                        sni.isEmpty()
                                ? ""
                                : "listener_filters: [{name: t, typed_config: {\"@type\":"
                                        + " type.googleapis.com/envoy.extensions.filters.listener"
                                        + ".tls_inspector.v3.TlsInspector}}]",
                        sni.isEmpty() ? "" : "server_names: [" + sni + "]",
                        NETWORK,
                        TLS,
                        tickets,
                        certificate(keys, "server"),
                        keys.chain("ca"),
                        rule);
    }

    private static String certificate(Certificates keys, String name) {
        return "{certificate_chain: {filename: \"%s\"}, private_key: {filename: \"%s\"}}"
                .formatted(keys.chain(name), keys.key(name));
    }

    /** What the client tells of one connection, told again in the order it was said. */
    private static List<String> client(
            Path work, Certificates keys, int port, String version, String what, String... options)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + port,
                                version,
                                "-servername",
                                "client.test",
                                "-cert",
                                keys.chain("client").toString(),
                                "-key",
                                keys.key("client").toString()));
        command.addAll(List.of(options));
        if (what.equals("GET")) {
            command.add("-ign_eof");
        }
        Path output = Files.createTempFile(work, "client", ".out");
        Process process =
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        // Not closed before the process ends: what it has not read by then nobody misses.
        Writer input = process.outputWriter(StandardCharsets.US_ASCII);
        try {
            switch (what) {
                case "GET" -> {
                    input.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
                    input.flush();
                    process.waitFor(20, TimeUnit.SECONDS);
                }
                default -> command(process, output, input, what);
            }
        } finally {
            process.destroyForcibly();
        }
        Matcher matcher = TELLING.matcher(Files.readString(output, StandardCharsets.ISO_8859_1));
        List<String> told = new ArrayList<>();
        while (matcher.find()) {
            told.add(matcher.group());
        }
        return told.stream().distinct().toList();
    }

    /** One letter a line, as its user types them, until the connection is closed. */
    private static void command(Process process, Path output, Writer input, String letter)
            throws IOException, InterruptedException {
        PeerProcess.eventually(
                Duration.ofSeconds(20), () -> read(output).contains("Verify return code"));
        for (int i = 0; i < 500 && process.isAlive(); i++) {
            int before = read(output).length();
            try {
                input.write(letter + "\n");
                input.flush();
            } catch (IOException closed) {
                break;
            }
            PeerProcess.eventually(
                    Duration.ofSeconds(5),
                    () -> !process.isAlive() || read(output).length() > before);
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("closed by the proxy").isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A sidecar's way: Istio's names and protocols, identities both ways, SNI chooses the chain.
     */
    @Test
    void envoyBehindUsAndWeBehindEnvoy() throws Exception {
        Certificates keys = new Certificates(Files.createDirectories(directory.resolve("pair")));
        String reference = pair("envoy", keys, Peers.envoy(), Peers.envoy());
        assertThat(reference)
                .contains("HTTP/2")
                .contains(ISTIO_NAME)
                .contains("spiffe://mesh.test/ns/a/sa/client")
                .doesNotContain("upstream connect error");
        assertThat(pair("ours-envoy", keys, Peers.subject(), Peers.envoy())).isEqualTo(reference);
        assertThat(pair("envoy-ours", keys, Peers.envoy(), Peers.subject())).isEqualTo(reference);
    }

    /** What the client and the log of the proxy behind tell. */
    private String pair(String name, Certificates keys, Path front, Path behind) throws Exception {
        Path work = Files.createDirectories(directory.resolve(name));
        Path first = Files.createDirectories(work.resolve("front"));
        Path second = Files.createDirectories(work.resolve("behind"));
        int in = Ports.free();
        int mutual = Ports.free();
        int frontAdmin = Ports.free();
        int behindAdmin = Ports.free();
        Path log = second.resolve("access.log");
        try (ProxyProcess server =
                        start(
                                behind,
                                second,
                                behindAdmin,
                                List.of(inbound(mutual, keys, log)),
                                List.of());
                ProxyProcess client =
                        start(
                                front,
                                first,
                                frontAdmin,
                                List.of(outbound(in)),
                                List.of(
                                        cluster("h1", mutual, keys, false),
                                        cluster("h2", mutual, keys, true)))) {
            StringBuilder told = new StringBuilder();
            for (String path : List.of("/h1/a", "/h2/a", "/h1/b", "/h2/b")) {
                PeerProcess.eventually(
                        Duration.ofSeconds(20),
                        () -> PeerProcess.http("GET", in, path).equals("served"));
                told.append(PeerProcess.http("GET", in, path)).append('\n');
            }
            PeerProcess.eventually(
                    Duration.ofSeconds(15), () -> read(log).lines().distinct().count() == 4);
            read(log).lines().distinct().sorted().forEach(line -> told.append(line).append('\n'));
            assertThat(server.alive() && client.alive()).isTrue();
            return told.toString();
        }
    }

    private static String inbound(int port, Certificates keys, Path log) {
        var format = new TreeMap<String, String>();
        format.put("sni", "%REQUESTED_SERVER_NAME%");
        format.put("peer", "%DOWNSTREAM_PEER_URI_SAN%");
        format.put("local", "%DOWNSTREAM_LOCAL_URI_SAN%");
        format.put("version", "%DOWNSTREAM_TLS_VERSION%");
        format.put("protocol", "%PROTOCOL%");
        format.put("alpn", "%FILTER_CHAIN_NAME%");
        format.put("path", "%REQ(:PATH)%");
        format.put("xfcc", "%REQ(X-FORWARDED-CLIENT-CERT)%");
        StringBuilder json = new StringBuilder();
        format.forEach((k, v) -> json.append(k).append(": \"").append(v).append("\", "));
        return """
        - name: inbound
          address: {socket_address: {address: 127.0.0.1, port_value: %d}}
          listener_filters: [{name: t, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]
          filter_chains:
          - name: istio
            filter_chain_match: {server_names: ["%s"], transport_protocol: tls, application_protocols: [istio, istio-peer-exchange, istio-http/1.0, istio-http/1.1, istio-h2]}
            filters: [{name: hcm, typed_config: {"@type": %shttp_connection_manager.v3.HttpConnectionManager, stat_prefix: in, forward_client_cert_details: APPEND_FORWARD, set_current_client_cert_details: {uri: true}, access_log: [{name: f, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: "%s", log_format: {json_format: {%s}}}}], route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: served}}}]}]}, http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]
            transport_socket:
              name: tls
              typed_config:
                "@type": %sDownstreamTlsContext
                require_client_certificate: true
                common_tls_context:
                  alpn_protocols: [h2, http/1.1]
                  tls_certificates: [%s]
                  validation_context: {trusted_ca: {filename: "%s"}, match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix: "spiffe://mesh.test/"}}]}
        """
                .formatted(
                        port,
                        ISTIO_NAME,
                        NETWORK,
                        log,
                        json,
                        TLS,
                        certificate(keys, "upstream"),
                        keys.chain("ca"));
    }

    private static String outbound(int port) {
        return """
        - name: outbound
          address: {socket_address: {address: 127.0.0.1, port_value: %d}}
          filter_chains:
          - filters: [{name: hcm, typed_config: {"@type": %shttp_connection_manager.v3.HttpConnectionManager, stat_prefix: out, generate_request_id: false, route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /h1/}, route: {cluster: h1}}, {match: {prefix: /h2/}, route: {cluster: h2}}]}]}, http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]
        """
                .formatted(port, NETWORK);
    }

    private static String cluster(String name, int port, Certificates keys, boolean h2) {
        return """
        - name: %s
          type: STATIC
          connect_timeout: 5s
          load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
          typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {%s: {}}}}
          transport_socket:
            name: tls
            typed_config:
              "@type": %sUpstreamTlsContext
              sni: %s
              common_tls_context:
                alpn_protocols: [%s]
                tls_params: {tls_maximum_protocol_version: TLSv1_3}
                tls_certificates: [%s]
                validation_context: {trusted_ca: {filename: "%s"}, match_typed_subject_alt_names: [{san_type: URI, matcher: {exact: "spiffe://mesh.test/ns/u/sa/up"}}]}
        """
                .formatted(
                        name,
                        name,
                        port,
                        h2 ? "http2_protocol_options" : "http_protocol_options",
                        TLS,
                        ISTIO_NAME,
                        h2 ? "istio-h2, istio, h2" : "istio-http/1.1, istio, http/1.1",
                        certificate(keys, "client"),
                        keys.chain("ca"));
    }
}
