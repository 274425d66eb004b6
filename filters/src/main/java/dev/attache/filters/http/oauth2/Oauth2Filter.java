package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Settings.Matchers;
import dev.attache.filters.http.oauth2.Oauth2Stats.Count;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.tls.secret.TlsSecret;
import org.jspecify.annotations.Nullable;

/** One request: finds the settings that hold for it, and leaves the rest to a {@link Visit}. */
final class Oauth2Filter implements HttpFilter {

    static final HeaderName STATUS = HeaderName.of("x-envoy-oauth-status");
    static final HeaderName FAILURE_REASON = HeaderName.of("x-envoy-oauth-failure-reason");

    private final @Nullable Oauth2Settings ofFilter;
    private final Oauth2Worker worker;
    private @Nullable Visit visit;

    Oauth2Filter(@Nullable Oauth2Settings ofFilter, Oauth2Worker worker) {
        this.ofFilter = ofFilter;
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        // Only this filter says so.
        headers.remove(STATUS);
        headers.remove(FAILURE_REASON);
        Oauth2Override ofRoute = context.override(Oauth2Override.class);
        Oauth2Settings settings = ofRoute == null ? ofFilter : ofRoute.settings();
        Oauth2Stats stats = ofRoute == null ? worker.stats() : worker.stats(ofRoute);
        if (settings == null || stats == null) {
            return Step.CONTINUE;
        }
        if (Matchers.any(settings.matchers().passThrough(), headers)) {
            stats.inc(Count.PASSTHROUGH);
            return Step.CONTINUE;
        }
        Refusal refusal = new Refusal(settings.cookies(), stats, context);
        TlsSecret.Generic secret = settings.hmacSecret().current();
        if (secret == null || !settings.isReady()) {
            return refusal.unavailable("OAuth2 secrets are not ready");
        }
        Visit begun =
                new Visit(settings, stats, worker.keys(secret), worker.random(), refusal, context);
        visit = begun;
        return begun.begin(headers);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (visit != null) {
            visit.onResponseHeaders(headers);
        }
        return Step.CONTINUE;
    }
}
