package dev.attache.agent.bootstrap.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks the service by which a cloud tells machines about themselves. Blocks; any thread. */
final class MetadataService {

    private static final int LONGEST = 1 << 20;

    private final HttpClient client;
    private final String base;
    private final Duration limit;

    /**
     * @param base {@code http://169.254.169.254}, or another address in its place
     * @param limit for one question
     */
    MetadataService(HttpClient client, String base, Duration limit) {
        this.client = client;
        this.base = base;
        this.limit = limit;
    }

    /** The answer, empty where nobody gives one, or not with 200. */
    Optional<HttpResponse<String>> get(String path, Map<String, String> headers) {
        return ask("GET", path, headers);
    }

    /** The body alone; empty text where there is none. */
    String text(String path, Map<String, String> headers) {
        return get(path, headers).map(HttpResponse::body).orElse("");
    }

    Optional<HttpResponse<String>> put(String path, Map<String, String> headers) {
        return ask("PUT", path, headers);
    }

    private Optional<HttpResponse<String>> ask(
            String method, String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(limit)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        try {
            HttpResponse<String> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().length() <= LONGEST
                    ? Optional.of(answer)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // nobody there: this is not that cloud
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
