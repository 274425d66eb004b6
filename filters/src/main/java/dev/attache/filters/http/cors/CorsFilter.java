package dev.attache.filters.http.cors;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request: answers a preflight, or adds what the browser wants to see to the response. */
final class CorsFilter implements HttpFilter {
    private static final HeaderName ORIGIN = HeaderName.of("origin");
    private static final HeaderName REQUEST_METHOD = HeaderName.of("access-control-request-method");
    private static final HeaderName REQUEST_HEADERS =
            HeaderName.of("access-control-request-headers");
    private static final HeaderName REQUEST_PRIVATE_NETWORK =
            HeaderName.of("access-control-request-private-network");
    private static final HeaderName ALLOW_ORIGIN = HeaderName.of("access-control-allow-origin");
    private static final HeaderName ALLOW_CREDENTIALS =
            HeaderName.of("access-control-allow-credentials");
    private static final HeaderName ALLOW_METHODS = HeaderName.of("access-control-allow-methods");
    private static final HeaderName ALLOW_HEADERS = HeaderName.of("access-control-allow-headers");
    private static final HeaderName MAX_AGE = HeaderName.of("access-control-max-age");
    private static final HeaderName EXPOSE_HEADERS = HeaderName.of("access-control-expose-headers");
    private static final HeaderName ALLOW_PRIVATE_NETWORK =
            HeaderName.of("access-control-allow-private-network");

    private final CorsStats stats;
    private final WorkerContext worker;
    private CorsPolicies policies = new CorsPolicies(List.of());

    /** The allowed origin of a request to which the policy applies. */
    private @Nullable String origin;

    CorsFilter(CorsStats stats, WorkerContext worker) {
        this.stats = stats;
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        Route route = context.route();
        if (route == null || !isForwarded(route.action())) {
            return Step.CONTINUE;
        }
        policies = policies(route, context.overrides(CorsPolicySpec.class));
        if (policies.isEmpty()) {
            return Step.CONTINUE;
        }
        boolean enabled = policies.enabled(worker.random());
        if (!enabled && !policies.shadowEnabled(worker.random())) {
            return Step.CONTINUE;
        }
        String from = headers.getOr(ORIGIN, "");
        if (from.isEmpty()) {
            return Step.CONTINUE;
        }
        boolean allowed = policies.allows(from);
        (allowed ? stats.originValid() : stats.originInvalid()).inc();
        if (!enabled) {
            return Step.CONTINUE;
        }
        origin = allowed ? from : null;
        return isPreflight(headers) && (allowed || !forwardsOthers())
                ? context.answer(preflight(headers), "cors_response")
                : Step.CONTINUE;
    }

    private boolean forwardsOthers() {
        return policies.flag(CorsPolicySpec::forwardNotMatchingPreflights, true);
    }

    private static boolean isForwarded(RouteAction action) {
        return switch (action) {
            case RouteAction.Forward forward -> true;
            case RouteAction.NonForwarding nothing -> true;
            case RouteAction.Redirect redirect -> false;
            case RouteAction.DirectResponse direct -> false;
        };
    }

    /** The deprecated fields count only where no filter configuration is given at all. */
    private static CorsPolicies policies(Route route, List<CorsPolicySpec> configured) {
        if (!configured.isEmpty()) {
            return new CorsPolicies(configured);
        }
        FilterOverride field = route.spec().perFilterConfig().get(FilterOverride.CORS_FIELD);
        if (field == null) {
            return new CorsPolicies(List.of());
        }
        List<CorsPolicySpec> levels = new ArrayList<>(2);
        for (FilterOverride level = field; level != null; level = level.outer()) {
            if (level.config() instanceof CorsPolicySpec policy) {
                levels.add(policy);
            }
        }
        return new CorsPolicies(levels);
    }

    private static boolean isPreflight(Headers request) {
        return request.getOr(HeaderName.METHOD, "").equals("OPTIONS")
                && !request.getOr(REQUEST_METHOD, "").isEmpty();
    }

    private Headers preflight(Headers request) {
        Headers answer = new Headers(MessagePart.RESPONSE, 256, 8);
        answer.add(HeaderName.STATUS, "200");
        if (origin != null) {
            answer.add(ALLOW_ORIGIN, origin);
        }
        if (policies.flag(CorsPolicySpec::allowCredentials, false)) {
            answer.add(ALLOW_CREDENTIALS, "true");
        }
        addOrEcho(answer, ALLOW_METHODS, CorsPolicySpec::allowMethods, request, REQUEST_METHOD);
        addOrEcho(answer, ALLOW_HEADERS, CorsPolicySpec::allowHeaders, request, REQUEST_HEADERS);
        String age = policies.text(CorsPolicySpec::maxAge);
        if (!age.isEmpty()) {
            answer.add(MAX_AGE, age);
        }
        if (policies.flag(CorsPolicySpec::allowPrivateNetworkAccess, false)
                && request.getOr(REQUEST_PRIVATE_NETWORK, "").equals("true")) {
            answer.add(ALLOW_PRIVATE_NETWORK, "true");
        }
        return answer;
    }

    /** What the policy says, where {@code *} means whatever was asked for. */
    private void addOrEcho(
            Headers answer,
            HeaderName name,
            Function<CorsPolicySpec, String> setting,
            Headers request,
            HeaderName asked) {
        String value = policies.text(setting);
        if (!value.isEmpty()) {
            answer.add(name, value.equals("*") ? request.getOr(asked, "") : value);
        }
    }

    /** Also called for our own answer to a preflight. */
    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        String allowed = origin;
        if (allowed == null) {
            return Step.CONTINUE;
        }
        headers.set(ALLOW_ORIGIN, allowed);
        if (policies.flag(CorsPolicySpec::allowCredentials, false)) {
            headers.set(ALLOW_CREDENTIALS, "true");
        }
        String exposed = policies.text(CorsPolicySpec::exposeHeaders);
        if (!exposed.isEmpty()) {
            headers.set(EXPOSE_HEADERS, exposed);
        }
        return Step.CONTINUE;
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        Route route = stream.route();
        CorsPolicies own =
                route == null || !isForwarded(route.action())
                        ? new CorsPolicies(List.of())
                        : policies(route, stream.overrides(CorsPolicySpec.class));
        String from = stream.headers().getOr(ORIGIN, "");
        if (own.isEmpty() || from.isEmpty()) {
            into.say(
                    ExplainedStream.WOULD,
                    own.isEmpty() ? "pass: the route has no policy" : "pass: there is no origin");
            return;
        }
        policies = own;
        boolean allowed = own.allows(from);
        into.say("origin_allowed", allowed);
        if (isPreflight(stream.headers()) && (allowed || !forwardsOthers())) {
            into.say(ExplainedStream.WOULD, "answer the preflight, where the policy is enabled");
            stream.answers(200, "cors_response");
        } else {
            into.say(ExplainedStream.WOULD, allowed ? "allow the origin" : "not allow the origin");
        }
    }
}
