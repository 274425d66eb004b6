package dev.attache.agent.identity.ca;

import dev.attache.agent.control.TrustedRoots;
import dev.attache.agent.document.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Vault's HTTP interface: one request, one JSON answer. Each request has a client of its own, so
 * that roots that changed count. Stateless; any thread; blocks.
 */
final class VaultClient {

    private static final int FORBIDDEN = 403;
    private static final int OK = 200;
    private static final long LARGEST = 4 << 20;

    private final URI address;
    private final String namespace;
    private final @Nullable TrustedRoots roots;
    private final Duration limit;

    VaultClient(VaultSettings settings, Duration limit) {
        this.address = settings.address();
        this.namespace = settings.namespace();
        this.roots = settings.roots();
        this.limit = limit;
    }

    /** Vault does not accept the token. */
    static final class Forbidden extends IOException {
        private static final long serialVersionUID = 1;

        Forbidden(String words) {
            super(words);
        }
    }

    /**
     * Posts a message.
     *
     * @param path behind {@code /v1/}
     * @param token empty for none
     * @throws IOException in words; {@link Forbidden} where the token does not do
     */
    Map<?, ?> post(String path, String token, Map<String, Object> message) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve("/v1/" + path))
                        .timeout(limit)
                        .header("content-type", "application/json")
                        .header("x-vault-request", "true")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.print(message)));
        if (!token.isEmpty()) {
            request.header("x-vault-token", token);
        }
        if (!namespace.isEmpty()) {
            request.header("x-vault-namespace", namespace);
        }
        try (HttpClient client = client()) {
            return read(path, whole(client, request.build()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent ends", e);
        }
    }

    /** The client's own limit is for the head of an answer; this one is for all of it. */
    private HttpResponse<String> whole(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        var answer =
                client.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofString(), LARGEST));
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer in " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
            client.shutdownNow();
        }
    }

    private HttpClient client() throws IOException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(limit).version(HttpClient.Version.HTTP_1_1);
        if (roots != null) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, roots.managers().getTrustManagers(), null);
                builder.sslContext(context);
            } catch (GeneralSecurityException e) {
                throw new IOException("no TLS with the roots of VAULT_CACERT: " + e, e);
            }
        }
        return builder.build();
    }

    private Map<?, ?> read(String path, HttpResponse<String> response) throws IOException {
        Object tree;
        try {
            tree = response.body().isEmpty() ? Map.of() : Json.parse(response.body());
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    address + " answers " + response.statusCode() + " and no JSON to " + path, e);
        }
        Map<?, ?> message = tree instanceof Map<?, ?> map ? map : Map.of();
        if (response.statusCode() == OK) {
            return message;
        }
        Object errors = message.get("errors");
        String said = errors instanceof List<?> list ? ": " + list : "";
        String words = address + " answers " + response.statusCode() + " to " + path + said;
        if (response.statusCode() == FORBIDDEN) {
            throw new Forbidden(words);
        }
        throw new IOException(words);
    }
}
