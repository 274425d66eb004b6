package dev.attache.agent.bootstrap.platform;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpFields;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks the service by which a cloud tells machines about themselves. Blocks; any thread. */
final class MetadataService {

    private static final int LONGEST = 1 << 20;
    private static final byte[] NOTHING = {};

    private final String base;
    private final Duration limit;

    /** An answer with 200. */
    record Answer(HttpFields fields, String body) {}

    /**
     * @param base {@code http://169.254.169.254}, or another address in its place
     * @param limit for one question
     */
    MetadataService(String base, Duration limit) {
        this.base = base;
        this.limit = limit;
    }

    /** The answer, empty where nobody gives one, or not with 200. */
    Optional<Answer> get(String path, Map<String, String> headers) {
        return ask("GET", path, headers);
    }

    /** The body alone; empty text where there is none. */
    String text(String path, Map<String, String> headers) {
        return get(path, headers).map(Answer::body).orElse("");
    }

    Optional<Answer> put(String path, Map<String, String> headers) {
        return ask("PUT", path, headers);
    }

    private Optional<Answer> ask(String method, String path, Map<String, String> headers) {
        try (HttpReply reply = call(method, path, headers).send(Deadline.in(limit))) {
            byte[] body = reply.body().readNBytes(LONGEST + 1);
            return reply.status() == 200 && body.length <= LONGEST
                    ? Optional.of(
                            new Answer(reply.fields(), new String(body, StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // nobody there, or no address: this is not that cloud
        }
    }

    private HttpCall call(String method, String path, Map<String, String> headers) {
        URI uri = URI.create(base);
        String host = String.valueOf(uri.getHost()).replaceAll("[\\[\\]]", "");
        HttpFields fields =
                HttpFields.of("Host", String.valueOf(uri.getAuthority()), "Connection", "close");
        headers.forEach(fields::add);
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new HttpCall(host, port, null, null, method, path, fields, NOTHING);
    }
}
