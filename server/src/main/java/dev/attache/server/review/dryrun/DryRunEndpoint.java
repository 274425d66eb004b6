package dev.attache.server.review.dryrun;

import static dev.attache.server.admin.http.AdminEndpoint.choice;
import static dev.attache.server.admin.http.AdminEndpoint.post;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** {@code POST /config_dry_run}. Asked on the main loop. */
public final class DryRunEndpoint {

    public static final String PATH = "/config_dry_run";

    private final DryRuns runs;

    public DryRunEndpoint(DryRuns runs) {
        this.runs = runs;
    }

    public AdminEndpoint endpoint() {
        return post(
                PATH,
                "what a configuration, the body, would change; changes nothing",
                this::answer,
                choice(
                        "type",
                        "of a resource that does not say it",
                        "cds",
                        "eds",
                        "lds",
                        "rds",
                        "sds",
                        "ecds"),
                choice("format", "what the answer is", "json", "text"));
    }

    private AdminAnswer answer(AdminRequest request) {
        String type = request.query().getOrDefault("type", "");
        if (!type.isEmpty() && !SentReader.TYPES.containsKey(type)) {
            return AdminResponse.text(
                    400, "type: '" + type + "' is none of cds, eds, lds, rds, sds, ecds\n");
        }
        if (request.body().isBlank()) {
            return AdminResponse.text(
                    400, "the body is to be a bootstrap, a discovery response or a resource\n");
        }
        boolean text = "text".equals(request.get("format"));
        return new AdminAnswer.Eventually(
                runs.begin(request.body(), type)
                        .handle((said, failure) -> page(said, failure, text)));
    }

    private static AdminResponse page(
            @Nullable Explanation said, @Nullable Throwable failure, boolean text) {
        if (said != null) {
            return text
                    ? AdminResponse.text(DryRunText.of(said))
                    : AdminResponse.json(ExplanationJson.pretty(said));
        }
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        if (why instanceof DryRuns.Busy) {
            return AdminResponse.text(503, why.getMessage() + "\n");
        }
        return why instanceof IllegalArgumentException
                ? AdminResponse.text(400, why.getMessage() + "\n")
                : AdminResponse.text(500, "internal error: " + why + "\n");
    }
}
