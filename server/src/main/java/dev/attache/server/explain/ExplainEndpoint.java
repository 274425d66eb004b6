package dev.attache.server.explain;

import static dev.attache.server.admin.http.AdminEndpoint.choice;
import static dev.attache.server.admin.http.AdminEndpoint.get;
import static dev.attache.server.admin.http.AdminEndpoint.post;
import static dev.attache.server.admin.http.AdminEndpoint.text;

import dev.attache.proxy.explain.Decision;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** {@code /explain}: why a request goes where it goes. Asked on the main loop. */
public final class ExplainEndpoint {

    /** How long a worker may take to answer. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** How many of the decisions that are kept are listed where nobody says it. */
    private static final int LISTED = 50;

    private static final long MOST_BYTES = 1L << 30;

    private static final AdminResponse SILENT =
            AdminResponse.text(503, "the worker that was asked does not answer\n");

    private final Function<Question, CompletableFuture<Explanation>> engine;
    private final Explaining explaining;

    /**
     * @param engine asks a worker
     * @param explaining the decisions that are kept
     */
    public ExplainEndpoint(
            Function<Question, CompletableFuture<Explanation>> engine, Explaining explaining) {
        this.engine = engine;
        this.explaining = explaining;
    }

    /** The pages. */
    public List<AdminEndpoint> all() {
        return List.of(
                page(),
                get(
                        "/explain/recent",
                        "requests seen lately, where decisions are kept",
                        this::recent,
                        text("count", "how many at most, 50")),
                post(
                        "/explain/keep",
                        "keeps decisions about requests from now on",
                        this::keep,
                        text("bytes", "how many bytes they may take; 0 keeps none")));
    }

    private AdminEndpoint page() {
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
                text("client_cert", "certificate of the client and its chain, PEM; implies TLS"),
                text("peer", "lines of names that its certificate has, in place of it"),
                text("http2", "whether the client speaks HTTP/2"),
                text("random", "what the request draws"),
                text("request_id", "x-request-id of a request seen lately, in place of all else"),
                choice("format", "what the answer is", "json", "text"));
    }

    private AdminAnswer answer(AdminRequest request) {
        String id = request.get("request_id");
        Decision kept = id == null ? null : explaining.find(id);
        if (id != null && kept == null) {
            return AdminResponse.text(404, unknown(id));
        }
        Question question;
        try {
            Question asked = QuestionReader.read(request.query());
            question = kept == null ? asked : kept.question();
        } catch (IllegalArgumentException e) {
            return AdminResponse.text(400, e.getMessage() + "\n");
        }
        CompletableFuture<Explanation> asked = engine.apply(question);
        if (kept != null) {
            asked = asked.thenApply(said -> with(kept, said));
        }
        CompletableFuture<Explanation> answer = asked;
        boolean text = "text".equals(request.get("format"));
        return new AdminAnswer.Eventually(
                answer.thenApply(said -> page(said, text))
                        .completeOnTimeout(SILENT, LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }

    private String unknown(String id) {
        return "no decision about request '"
                + id
                + "' is kept: "
                + (explaining.keepsDecisions()
                        ? "it was longer ago than there is room for, or never here\n"
                        : "none are; POST /explain/keep?bytes=1000000 keeps those from then on\n");
    }

    /** What it did in front of what would be done with it now. */
    private static Explanation with(Decision kept, Explanation said) {
        Explanation both = new Explanation();
        both.say("request_id", kept.id()).say("ended", at(kept)).put("did", kept.did());
        said.facts().keySet().forEach(name -> both.take(name, said));
        return both;
    }

    private static String at(Decision kept) {
        return Instant.ofEpochMilli(kept.endMillis()).toString();
    }

    private AdminAnswer recent(AdminRequest request) {
        int count;
        try {
            count = Integer.parseInt(request.query().getOrDefault("count", "" + LISTED));
        } catch (NumberFormatException e) {
            return AdminResponse.text(400, "count: not a number\n");
        }
        Explanation list = new Explanation();
        list.say("keeps_bytes", explaining.keeps()).empty("requests");
        for (Decision kept : explaining.latest().stream().limit(Math.max(0, count)).toList()) {
            Explanation entry = list.item("requests");
            entry.say("request_id", kept.id())
                    .say("ended", at(kept))
                    .say("method", kept.question().method())
                    .say("authority", kept.question().authority())
                    .say("path", kept.question().path());
            kept.did().facts().keySet().forEach(name -> entry.take(name, kept.did()));
        }
        return AdminResponse.json(ExplanationJson.pretty(list));
    }

    private AdminAnswer keep(AdminRequest request) {
        try {
            long bytes = Long.parseLong(request.query().getOrDefault("bytes", ""));
            if (bytes < 0 || bytes > MOST_BYTES) {
                return AdminResponse.text(400, "bytes: between 0 and " + MOST_BYTES + "\n");
            }
            explaining.keep(bytes);
            return AdminResponse.text("OK\n");
        } catch (NumberFormatException e) {
            return AdminResponse.text(400, "bytes: how many bytes decisions may take\n");
        }
    }

    private static AdminResponse page(Explanation said, boolean text) {
        said.say("result", Outcome.word(said));
        return text
                ? AdminResponse.text(ExplanationText.of(said))
                : AdminResponse.json(ExplanationJson.pretty(said));
    }
}
