package dev.attache.filters.http.basic_auth;

import dev.attache.filters.wire.Base64Text;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request: goes on if its credentials are those of a user. */
final class BasicAuthFilter implements HttpFilter {
    private static final String SCHEME = "Basic ";
    private static final HeaderName WWW_AUTHENTICATE = HeaderName.of("www-authenticate");
    private static final int UNAUTHORIZED = 401;
    private static final int MAX_PATH = 256;

    private final BasicAuthFilterSpec spec;
    private final BasicAuthFilterSpec.Stats stats;

    private boolean known;

    /** Who it is, once that is known. */
    private String name = "";

    BasicAuthFilter(BasicAuthFilterSpec spec, BasicAuthFilterSpec.Stats stats) {
        this.spec = spec;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        BasicAuthRoute route = context.override(BasicAuthRoute.class);
        Denial denial = judge(headers, route == null ? spec.users() : route.users());
        if (denial != null) {
            stats.denied().inc();
            LocalReply reply = LocalReply.of(UNAUTHORIZED, denial.body(), denial.details());
            return context.respond(reply.with(WWW_AUTHENTICATE, challenge(headers, route)));
        }
        if (known) {
            stats.allowed().inc();
            tell(headers, context);
        } else if (spec.forward() != null) {
            // Only this filter says who it is.
            headers.remove(spec.forward());
        }
        return Step.CONTINUE;
    }

    /** What is wrong with the credentials, or null. */
    private @Nullable Denial judge(Headers headers, Users users) {
        String value = headers.get(spec.credentials());
        if (value == null || !value.startsWith(SCHEME)) {
            if (spec.allowMissing()) {
                return null;
            }
            return value == null ? Denial.MISSING : Denial.SCHEME;
        }
        String decoded = Base64Text.decode(value.substring(SCHEME.length()));
        int colon = decoded.indexOf(':');
        if (colon < 0) {
            return Denial.FORMAT;
        }
        String claimed = decoded.substring(0, colon);
        if (!users.know(claimed, decoded.substring(colon + 1))) {
            return Denial.CREDENTIALS;
        }
        name = claimed;
        known = true;
        return null;
    }

    private void tell(Headers headers, FilterContext context) {
        if (spec.forward() != null) {
            headers.set(spec.forward(), name);
        }
        if (spec.tells()) {
            context.info()
                    .dynamicMetadata()
                    .merge(
                            context.filterName(),
                            new MetadataValue.Struct(
                                    Map.of("username", new MetadataValue.Text(name))));
        }
    }

    private String challenge(Headers headers, @Nullable BasicAuthRoute route) {
        String realm = route == null || route.realm().isEmpty() ? spec.realm() : route.realm();
        return "Basic realm=\"" + quoted(realm.isEmpty() ? uri(headers) : realm) + '"';
    }

    /** As a quoted-string has it (RFC 9110, section 5.6.4). */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String uri(Headers request) {
        String path = request.getOr(HeaderName.PATH, "");
        return request.getOr(HeaderName.X_FORWARDED_PROTO, "")
                + "://"
                + request.getOr(HeaderName.AUTHORITY, "")
                + (path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path);
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        BasicAuthRoute route = stream.override(BasicAuthRoute.class);
        Denial denial = judge(stream.headers(), route == null ? spec.users() : route.users());
        if (denial != null) {
            into.say(ExplainedStream.WOULD, "deny: " + denial.details());
            stream.answers(UNAUTHORIZED, denial.details());
        } else {
            into.say(ExplainedStream.WOULD, known ? "pass as " + name : "pass as nobody");
        }
    }
}
