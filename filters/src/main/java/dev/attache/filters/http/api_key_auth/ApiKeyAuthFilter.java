package dev.attache.filters.http.api_key_auth;

import dev.attache.filters.http.api_key_auth.ApiKeyAuthFilterSpec.Stats;
import dev.attache.filters.http.api_key_auth.ApiKeySettings.Forwarding;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request: goes on if it shows the key of a client that may. */
final class ApiKeyAuthFilter implements HttpFilter {
    private final ApiKeySettings ofFilter;
    private final Stats stats;

    /** Who it is, once that is known. */
    private String client = "";

    ApiKeyAuthFilter(ApiKeySettings ofFilter, Stats stats) {
        this.ofFilter = ofFilter;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        ApiKeyRoute route = context.override(ApiKeyRoute.class);
        ApiKeySettings settings = route == null ? ofFilter : route.own().over(ofFilter);
        Denial denial = judge(settings, route, headers);
        if (denial != null) {
            (denial == Denial.FORBIDDEN ? stats.forbidden() : stats.unauthorized()).inc();
            return context.respond(LocalReply.of(denial.status(), denial.body(), denial.details()));
        }
        stats.allowed().inc();
        forward(settings, headers);
        return Step.CONTINUE;
    }

    private @Nullable Denial judge(
            ApiKeySettings settings, @Nullable ApiKeyRoute route, Headers headers) {
        List<KeySource> sources = settings.sources();
        Map<String, String> clients = settings.clients();
        if (sources == null) {
            return Denial.NO_SOURCES;
        }
        if (clients == null) {
            return Denial.NO_CREDENTIALS;
        }
        String key = ApiKeySettings.key(sources, headers);
        if (key == null) {
            return Denial.NO_KEY;
        }
        String known = clients.get(key);
        if (known == null) {
            return Denial.UNKNOWN_KEY;
        }
        client = known;
        return route == null || route.allows(known) ? null : Denial.FORBIDDEN;
    }

    private void forward(ApiKeySettings settings, Headers headers) {
        Forwarding forwarding = settings.forwarding();
        List<KeySource> sources = settings.sources();
        if (forwarding == null || sources == null) {
            return;
        }
        if (forwarding.client() != null) {
            headers.set(forwarding.client(), client);
        }
        for (int i = 0; forwarding.hide() && i < sources.size(); i++) {
            sources.get(i).remove(headers);
        }
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        ApiKeyRoute route = stream.override(ApiKeyRoute.class);
        ApiKeySettings settings = route == null ? ofFilter : route.own().over(ofFilter);
        Denial denial = judge(settings, route, stream.headers());
        if (denial != null) {
            into.say(ExplainedStream.WOULD, "deny: " + denial.details());
            stream.answers(denial.status(), denial.details());
            return;
        }
        into.say(ExplainedStream.WOULD, "pass as " + client);
        forward(settings, stream.headers());
    }
}
