package dev.attache.server.explain;

import static dev.attache.server.admin.http.AdminEndpoint.choice;
import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.text;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** {@code /explain}: why a request goes where it goes. Asked on the main loop. */
public final class ExplainEndpoint {

    /** Of the answer: {@link Outcome#word}. */
    public static final String OUTCOME_FIELD = "x-attache-outcome";

    /** How long the admin thread waits for a worker. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Function<Question, CompletableFuture<Explanation>> engine;

    /**
     * @param engine asks a worker
     */
    public ExplainEndpoint(Function<Question, CompletableFuture<Explanation>> engine) {
        this.engine = engine;
    }

    /** The page. */
    public AdminEndpoint page() {
        return get(
                "/explain",
                "why a request goes where it goes",
                this::answer,
                text("url", "URL, or its path"),
                text("method", "method, GET where there is a URL"),
                text("headers", "lines of 'name: value'"),
                text("listener", "name of the listener"),
                text("destination", "address and port that the client connects to"),
                text("source", "address of the client"),
                text("tls", "whether the client speaks TLS; true for URLs of https"),
                text("sni", "server name of its TLS"),
                text("alpn", "application protocols of its TLS, by commas"),
                text("random", "what the request draws"),
                choice("format", "what the answer is", "json", "text"));
    }

    private AdminAnswer answer(AdminRequest request) {
        Question question;
        try {
            question = QuestionReader.read(request.query());
        } catch (IllegalArgumentException e) {
            return AdminResponse.text(400, e.getMessage() + "\n");
        }
        CompletableFuture<Explanation> asked = engine.apply(question);
        boolean text = "text".equals(request.get("format"));
        return new AdminAnswer.Later(() -> page(asked, text));
    }

    private static AdminResponse page(CompletableFuture<Explanation> asked, boolean text) {
        try {
            Explanation said = asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, String> outcome = Map.of(OUTCOME_FIELD, Outcome.word(said));
            return (text
                            ? AdminResponse.text(ExplanationText.of(said))
                            : AdminResponse.json(ExplanationJson.pretty(said)))
                    .with(outcome);
        } catch (TimeoutException e) {
            asked.cancel(false);
            return AdminResponse.text(503, "the worker that was asked does not answer\n");
        } catch (ExecutionException e) {
            throw new IllegalStateException("explaining failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AdminResponse.text(503, "interrupted\n");
        }
    }
}
