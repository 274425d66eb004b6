package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.JwtStatus;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request: passes when it has brought what is required of it, perhaps after keys have come. */
final class JwtAuthnFilter implements HttpFilter, Consumer<JwtStatus> {

    private static final HeaderName WWW_AUTHENTICATE = HeaderName.of("www-authenticate");
    private static final int MAX_PATH = 256;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final OpenedJwtAuthn opened;
    private @Nullable FilterContext context;

    /** Headers wait: what comes of them, their pipeline has to be told. */
    private boolean held;

    private @Nullable Step outcome;

    private @Nullable Verification verification;

    JwtAuthnFilter(OpenedJwtAuthn opened) {
        this.opened = opened;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext stream) {
        JwtAuthnSpec spec = opened.spec();
        for (int i = 0; i < spec.reserved().size(); i++) {
            headers.remove(spec.reserved().get(i));
        }
        if (spec.bypassCorsPreflight() && isPreflight(headers)) {
            opened.stats().corsPreflightBypassed().inc();
            opened.stats().allowed().inc();
            return Step.CONTINUE;
        }
        PerRouteRequirement ofRoute = stream.override(PerRouteRequirement.class);
        Requirement requirement;
        if (ofRoute == null) {
            requirement = spec.requirement(headers, stream.info());
        } else if (ofRoute.name() == null) {
            requirement = null;
        } else {
            requirement = spec.named().get(ofRoute.name());
            if (requirement == null) {
                return refuseRoute(spec.wrongName(ofRoute.name()), stream);
            }
        }
        if (requirement == null) {
            opened.stats().allowed().inc();
            return Step.CONTINUE;
        }
        context = stream;
        verification = new Verification(opened, headers, stream, System.currentTimeMillis(), this);
        verification.start(requirement);
        Step step = outcome;
        if (step == null) {
            held = true;
            return Step.PAUSE;
        }
        return step;
    }

    private static boolean isPreflight(Headers request) {
        return request.getOr(HeaderName.METHOD, "").equals("OPTIONS")
                && !request.getOr(HeaderName.ORIGIN, "").isEmpty()
                && !request.getOr(HeaderName.ACCESS_CONTROL_REQUEST_METHOD, "").isEmpty();
    }

    private Step refuseRoute(String problem, FilterContext stream) {
        opened.stats().denied().inc();
        String body =
                opened.spec().stripFailureResponse() ? "" : "Failed JWT authentication: " + problem;
        return stream.respond(LocalReply.of(FORBIDDEN, body, details(problem)));
    }

    /** The verdict. */
    @Override
    public void accept(JwtStatus status) {
        FilterContext stream = context;
        Verification verified = verification;
        if (stream == null || verified == null) {
            return;
        }
        if (status != JwtStatus.OK) {
            opened.stats().denied().inc();
            outcome = stream.respond(reply(status, verified));
            return;
        }
        opened.stats().allowed().inc();
        outcome = Step.CONTINUE;
        if (held) {
            stream.resume(Direction.REQUEST);
        }
    }

    private LocalReply reply(JwtStatus status, Verification verified) {
        int code = status == JwtStatus.AUDIENCE_NOT_ALLOWED ? FORBIDDEN : UNAUTHORIZED;
        String details = details(status.text());
        if (opened.spec().stripFailureResponse()) {
            return LocalReply.of(code, "", details);
        }
        String challenge =
                "Bearer realm=\""
                        + uri(verified)
                        + (status == JwtStatus.MISSED ? "\"" : "\", error=\"invalid_token\"");
        return new LocalReply(
                code,
                status.text(),
                details,
                List.of(new LocalReply.Field(WWW_AUTHENTICATE, challenge)),
                -1);
    }

    private static String details(String problem) {
        return "jwt_authn_access_denied{" + problem.replace(' ', '_') + "}";
    }

    private static String uri(Verification verified) {
        Headers request = verified.request();
        String path = verified.originalPath();
        return request.getOr(HeaderName.X_FORWARDED_PROTO, "")
                + "://"
                + request.getOr(HeaderName.AUTHORITY, "")
                + (path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path);
    }

    /** A verdict that comes later has nobody to hear it. */
    @Override
    public void onStreamEnd(StreamEnd why, FilterContext stream) {
        context = null;
        if (verification != null) {
            verification.end();
        }
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        JwtAuthnSpec spec = opened.spec();
        for (int i = 0; i < spec.reserved().size(); i++) {
            stream.headers().remove(spec.reserved().get(i));
        }
        if (spec.bypassCorsPreflight() && isPreflight(stream.headers())) {
            into.say(ExplainedStream.WOULD, "pass: it is a preflight");
            return;
        }
        PerRouteRequirement ofRoute = stream.override(PerRouteRequirement.class);
        String name = ofRoute == null ? null : ofRoute.name();
        Requirement requirement =
                ofRoute == null
                        ? spec.requirement(stream.headers(), stream.info())
                        : name == null ? null : spec.named().get(name);
        into.say("requirement", name);
        if (requirement != null) {
            into.say(
                    ExplainedStream.WOULD,
                    "look for a token and verify it, perhaps with keys that it fetches");
            stream.asks(into, "the keys of its providers, for a token that is good");
        } else if (name != null) {
            into.say(ExplainedStream.WOULD, "deny: there is no requirement of that name");
            stream.answers(FORBIDDEN, details(spec.wrongName(name)));
        } else {
            into.say(ExplainedStream.WOULD, "pass: no rule asks for a token");
        }
    }
}
