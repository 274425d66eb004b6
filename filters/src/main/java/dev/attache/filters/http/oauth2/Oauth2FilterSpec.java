package dev.attache.filters.http.oauth2;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The filter. Immutable.
 *
 * @param settings null = only routes have some
 */
record Oauth2FilterSpec(@Nullable Oauth2Settings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Oauth2Worker worker = new Oauth2Worker(scope, settings);
        return new HttpFilterFactory() {
            @Override
            public HttpFilter newFilter() {
                return new Oauth2Filter(settings, worker);
            }

            @Override
            public void explain(ExplainedStream stream, Explanation into) {
                Oauth2FilterSpec.this.explain(stream, into);
            }
        };
    }

    private void explain(ExplainedStream stream, Explanation into) {
        boolean ofRoute = !stream.overrides(Oauth2Override.class).isEmpty();
        into.say(
                ExplainedStream.WOULD,
                settings == null && !ofRoute
                        ? "pass: neither filter nor route have settings"
                        : "let through who has a session, and send others to the authorization"
                                + " server");
    }
}
