package dev.attache.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The token endpoint of a small authorization server on loopback (RFC 6749 section 4.1.3, with the
 * code challenge of RFC 7636): a code is good once, for who knows its verifier. Any thread; closed
 * by whoever opened it.
 */
public final class IdentityProvider implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    private final AtomicInteger codes = new AtomicInteger();

    public IdentityProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::token);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** What a user who logs in comes back with: the query of the callback. */
    public String login(Map<String, String> authorizationQuery) {
        String code = "code-" + codes.incrementAndGet();
        challenges.put(code, authorizationQuery.getOrDefault("code_challenge", ""));
        return "code=" + code + "&state=" + authorizationQuery.get("state");
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = pairs(body);
        String challenge = challenges.remove(form.getOrDefault("code", ""));
        boolean good = challenge(form.getOrDefault("code_verifier", "")).equals(challenge);
        byte[] answer =
                (good
                                ? "{\"access_token\":\"access\",\"id_token\":\"id\",\"refresh_token\":"
                                        + "\"refresh\",\"expires_in\":3600}"
                                : "{\"error\":\"invalid_grant\"}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(good ? 200 : 400, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Names and values of a query or form, as they stand. */
    public static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return pairs;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
