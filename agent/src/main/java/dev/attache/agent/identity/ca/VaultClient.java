package dev.attache.agent.identity.ca;

import dev.attache.agent.control.LocalAddresses;
import dev.attache.agent.control.TlsPolicy;
import dev.attache.agent.control.TrustedRoots;
import dev.attache.agent.document.Json;
import java.io.IOException;
import java.net.InetAddress;
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
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Vault's HTTP interface: one request, one JSON answer. Each request has a client of its own, so
 * that roots that changed count. Stateless; any thread; blocks.
 */
final class VaultClient {

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final long LARGEST = 4 << 20;

    private final URI address;
    private final String namespace;
    private final @Nullable TrustedRoots roots;
    private final TlsPolicy policy;
    private final LocalAddresses sources;
    private final Duration limit;

    VaultClient(VaultSettings settings, Duration limit) {
        this.address = settings.address();
        this.namespace = settings.namespace();
        this.roots = settings.roots();
        this.policy = settings.policy();
        this.sources = settings.sources();
        this.limit = limit;
    }

    /**
     * Posts a message.
     *
     * @param path behind {@code /v1/}
     * @param token empty for none
     * @throws VaultException in words; {@link VaultException#forbidden} where the token does not do
     * @throws IOException at the end of the agent
     */
    Map<?, ?> post(String path, String token, Map<String, Object> message) throws IOException {
        return send(
                path,
                token,
                HttpRequest.newBuilder(at(path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.print(message))));
    }

    /** Reads what is there; a token's own policy allows that of itself, and no more. */
    Map<?, ?> get(String path, String token) throws IOException {
        return send(path, token, HttpRequest.newBuilder(at(path)));
    }

    private Map<?, ?> send(String path, String token, HttpRequest.Builder request)
            throws IOException {
        request.timeout(limit).header("x-vault-request", "true");
        if (!token.isEmpty()) {
            request.header("x-vault-token", token);
        }
        if (!namespace.isEmpty()) {
            request.header("x-vault-namespace", namespace);
        }
        try (HttpClient client = client()) {
            return read(path, whole(client, request.build()));
        } catch (VaultException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent ends", e);
        } catch (IOException e) {
            throw new VaultRefusal(address, path).of(e);
        }
    }

    /** Below the path of the address, as Vault's own client has it. */
    private URI at(String path) {
        String base = address.toString().replaceFirst("/+$", "");
        return URI.create(base + "/v1/" + path);
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
                HttpClient.newBuilder()
                        .connectTimeout(limit)
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL); // a standby names the active
        if (roots != null) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, roots.managers().getTrustManagers(), null);
                builder.sslContext(context);
            } catch (GeneralSecurityException e) {
                throw new VaultException(
                        "the roots of VAULT_CACERT are not to be used: " + e,
                        "give a file in PEM form",
                        e);
            }
        }
        if (policy != TlsPolicy.ANY) {
            builder.sslParameters(policy.limited(new SSLParameters()));
        }
        if (!sources.all().isEmpty()) {
            String host = String.valueOf(address.getHost()).replaceAll("[\\[\\]]", "");
            builder.localAddress(sources.towards(InetAddress.getByName(host)));
        }
        return builder.build();
    }

    private Map<?, ?> read(String path, HttpResponse<String> response) throws VaultException {
        Object tree = Map.of();
        boolean json = true;
        try {
            tree = response.body().isEmpty() ? Map.of() : Json.parse(response.body());
        } catch (IllegalArgumentException e) {
            json = false;
        }
        boolean good = response.statusCode() == OK || response.statusCode() == NO_CONTENT;
        if (good && json) {
            return tree instanceof Map<?, ?> map ? map : Map.of();
        }
        if (good) {
            throw new VaultException(
                    address + " answers what is no JSON to " + path,
                    "look whether VAULT_ADDR is a Vault's address",
                    false);
        }
        Object errors = tree instanceof Map<?, ?> map ? map.get("errors") : null;
        List<String> words =
                errors instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of();
        throw new VaultRefusal(address, path)
                .of(response.statusCode(), words, json ? "" : response.body());
    }
}
