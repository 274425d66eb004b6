package dev.attache.filters.http.credential_injector;

import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;

/** One request: gets the credential, or is answered where there is none. */
final class CredentialInjectorFilter implements HttpFilter {
    private static final String DETAILS = "failed_to_inject_credential";
    private static final int UNAUTHORIZED = 401;
    private static final LocalReply WITHOUT =
            LocalReply.of(UNAUTHORIZED, "Failed to inject credential.", DETAILS);

    private final CredentialInjectorSpec spec;
    private final CredentialInjectorSpec.Stats stats;
    private final CredentialSource.Opened source;

    CredentialInjectorFilter(
            CredentialInjectorSpec spec,
            CredentialInjectorSpec.Stats stats,
            CredentialSource.Opened source) {
        this.spec = spec;
        this.stats = stats;
        this.source = source;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (keeps(headers)) {
            stats.alreadyExists().inc();
            return Step.CONTINUE;
        }
        String value = source.value();
        if (value == null) {
            stats.failed().inc();
            return spec.allowWithout() ? Step.CONTINUE : context.respond(WITHOUT);
        }
        headers.set(spec.source().header(), value);
        stats.injected().inc();
        return Step.CONTINUE;
    }

    private boolean keeps(Headers headers) {
        return !spec.overwrite() && headers.contains(spec.source().header());
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        if (keeps(stream.headers())) {
            into.say(ExplainedStream.WOULD, "keep the credential that the request brings");
        } else if (source.value() != null) {
            into.say(ExplainedStream.WOULD, "give the request a credential");
        } else if (spec.allowWithout()) {
            into.say(ExplainedStream.WOULD, "pass: there is no credential now");
        } else {
            into.say(ExplainedStream.WOULD, "deny: there is no credential now");
            stream.answers(UNAUTHORIZED, DETAILS);
        }
    }
}
