package dev.attache.agent.identity.ca;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.attache.agent.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The part of Vault's HTTP interface that the agent uses. Its answers are those of {@code
 * vault/answers.json}, which a real one is asked for, too ({@code VaultIT}).
 */
final class StubVault implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile String from = "";
    final TestSigner signer = new TestSigner();
    volatile String accepted = "given";
    volatile int logins;
    volatile int renewals;
    volatile long life = 60;
    volatile String refusal = "";

    private final HttpServer server;

    StubVault() {
        try {
            InetAddress here = InetAddress.getLoopbackAddress();
            server = HttpServer.create(new InetSocketAddress(here, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serve("team-pki/sign/mesh", this::sign);
        serve("auth/machines/login", this::login);
        serve("auth/token/renew-self", this::renew);
        serve("auth/token/lookup-self", this::lookUp);
        server.start();
    }

    private void serve(String path, Page page) {
        server.createContext("/v1/" + path, exchange -> answer(exchange, page));
    }

    /** Another page. */
    void page(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The errors of an answer that was recorded. */
    static List<?> errors(String name) {
        return (List<?>) Recorded.of(name).body().get("errors");
    }

    private interface Page {
        Recorded of(HttpExchange exchange, Map<?, ?> message);
    }

    /** An answer as it was recorded; what differs each time is put in. */
    private record Recorded(int status, Map<String, Object> body) {
        static Recorded of(String name) {
            try (var in = StubVault.class.getResourceAsStream("/vault/answers.json")) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Map<?, ?> one = (Map<?, ?>) ((Map<?, ?>) Json.parse(text)).get(name);
                return new Recorded(
                        ((Number) one.get("status")).intValue(), copy((Map<?, ?>) one.get("body")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Map<String, Object> copy(Map<?, ?> from) {
            Map<String, Object> to = new HashMap<>();
            from.forEach((name, value) -> to.put((String) name, value));
            return to;
        }

        Recorded with(String part, Map<String, Object> fields) {
            Map<String, Object> changed = copy((Map<?, ?>) body.get(part));
            changed.putAll(fields);
            body.put(part, changed);
            return this;
        }
    }

    private void answer(HttpExchange exchange, Page page) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        from = exchange.getRemoteAddress().getAddress().getHostAddress();
        asked.add(
                exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("x-vault-namespace"));
        Map<?, ?> message = body.isEmpty() ? Map.of() : (Map<?, ?>) Json.parse(body);
        Recorded answer = page.of(exchange, message);
        byte[] bytes = Json.print(answer.body()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private boolean shown(HttpExchange exchange) {
        return accepted.equals(exchange.getRequestHeaders().getFirst("x-vault-token"));
    }

    private Recorded sign(HttpExchange exchange, Map<?, ?> message) {
        if (!shown(exchange)) {
            return Recorded.of("unknown token");
        }
        if (!refusal.isEmpty()) {
            return Recorded.of(refusal);
        }
        List<String> chain =
                signer.sign(
                        String.valueOf(message.get("csr")),
                        Instant.now().plusSeconds(seconds(message)));
        return Recorded.of("signed")
                .with(
                        "data",
                        Map.of(
                                "certificate", chain.getFirst(),
                                "issuing_ca", signer.root(),
                                "ca_chain", List.of(signer.root())));
    }

    private static long seconds(Map<?, ?> message) {
        return Long.parseLong(String.valueOf(message.get("ttl")).replaceFirst("s$", ""));
    }

    private Recorded login(HttpExchange exchange, Map<?, ?> message) {
        if (!"secret".equals(message.get("secret_id"))) {
            return Recorded.of("secret");
        }
        logins++;
        accepted = "login-" + logins;
        return Recorded.of("login")
                .with("auth", Map.of("client_token", accepted, "lease_duration", life));
    }

    private Recorded renew(HttpExchange exchange, Map<?, ?> message) {
        if (!shown(exchange)) {
            return Recorded.of("unknown token");
        }
        renewals++;
        return Recorded.of("renewed")
                .with("auth", Map.of("client_token", accepted, "lease_duration", 60L));
    }

    private Recorded lookUp(HttpExchange exchange, Map<?, ?> message) {
        // Tokens may read that of themselves, and no more.
        return shown(exchange) && exchange.getRequestMethod().equals("GET")
                ? Recorded.of("lookup").with("data", Map.of("ttl", life))
                : Recorded.of("unknown token");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
