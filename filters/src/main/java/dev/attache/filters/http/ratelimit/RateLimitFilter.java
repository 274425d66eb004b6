package dev.attache.filters.http.ratelimit;

import dev.attache.filters.http.ratelimit.RateLimitFilterSpec.Requests;
import dev.attache.filters.ratelimit.LimitAnswer;
import dev.attache.filters.ratelimit.LimitAnswer.Outcome;
import dev.attache.filters.ratelimit.RateLimitAsking;
import dev.attache.filters.unsendable.UnsendableRequest;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.LocalReply.Field;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request: asks about it, and does what the answer says.
 *
 * <p>Longer than files here should be: question, answer and what is said of both share one state.
 */
final class RateLimitFilter implements HttpFilter {
    private static final String LIMITED = "request_rate_limited";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final HeaderName RETRY_AFTER = HeaderName.of("retry-after");
    private static final String FAILED = "rate_limiter_error";
    private static final String HITS_ADDEND = "envoy.ratelimit.hits_addend";

    private final RateLimitFilterSpec spec;
    private final HttpFilterScope scope;
    private @Nullable RequestDescriptors request;
    private boolean asked;
    private List<Field> responseHeaders = List.of();

    RateLimitFilter(RateLimitFilterSpec spec, HttpFilterScope scope) {
        this.spec = spec;
        this.scope = scope;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (!spec.enabled().includes(scope.worker().random()) || !isMeant(headers)) {
            return Step.CONTINUE;
        }
        RequestDescriptors about = about(context);
        request = about;
        List<Descriptor> descriptors = about == null ? List.of() : about.atBegin();
        if (about == null || descriptors.isEmpty()) {
            return Step.CONTINUE;
        }
        asked = true;
        ask(
                about,
                descriptors,
                context.calls(),
                CallSpan.of(context.trace()),
                answer -> answered(answer, descriptors, about.cluster(), context));
        return Step.PAUSE;
    }

    private boolean isMeant(Headers headers) {
        if (spec.requests() == Requests.BOTH) {
            return true;
        }
        boolean internal = "true".equals(headers.get(HeaderName.X_ENVOY_INTERNAL));
        return internal == (spec.requests() == Requests.INTERNAL);
    }

    /** Null: the request goes nowhere, and counts as nothing. */
    private @Nullable RequestDescriptors about(FilterContext context) {
        Route route = context.route();
        ClusterSelection selection = context.cluster();
        if (selection == null) {
            return null;
        }
        Cluster cluster = scope.clusters().cluster(selection.cluster());
        if (cluster == null
                || route == null
                || !(route.action() instanceof RouteAction.Forward forward)) {
            return null;
        }
        return new RequestDescriptors(
                spec,
                scope,
                context,
                route,
                forward,
                cluster,
                selection.metadataMatch(forward),
                context.override(RateLimitOverride.class));
    }

    private void ask(
            RequestDescriptors about,
            List<Descriptor> descriptors,
            UpstreamCalls calls,
            @Nullable CallSpan span,
            Consumer<LimitAnswer> then) {
        String domain = domain(about.ofRoute());
        long hits =
                about.info().filterState().get(HITS_ADDEND) instanceof StateValue.Number number
                        ? number.value()
                        : 0;
        new RateLimitAsking(calls, scope.worker().allocator())
                .ask(
                        spec.service(),
                        domain,
                        descriptors,
                        hits,
                        FormatContext.of(about.info(), about.requestHeaders()),
                        CallOptions.DEFAULT.span(span).wanting(about.metadataMatch()),
                        then);
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return asked ? Step.PAUSE : Step.CONTINUE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        return asked ? Step.PAUSE : Step.CONTINUE;
    }

    // ---- the answer --------------------------------------------------------------------------

    private void answered(
            LimitAnswer answer, List<Descriptor> told, Cluster cluster, FilterContext context) {
        asked = false;
        if (!answer.metadata().fields().isEmpty()) {
            context.info().dynamicMetadata().merge(spec.metadataNamespace(), answer.metadata());
        }
        responseHeaders = responseHeaders(answer, told);
        boolean goesOn =
                switch (answer.outcome()) {
                    case OK -> {
                        count(cluster, "ok");
                        yield true;
                    }
                    case OVER_LIMIT -> overLimit(answer, cluster, context);
                    case ERROR -> failed(cluster, context);
                };
        if (goesOn && added(answer.requestHeaders(), context)) {
            context.resume(Direction.REQUEST);
        }
    }

    /** False, and answered, where the service has given the request what none may carry. */
    private static boolean added(List<Field> fields, FilterContext context) {
        Headers request = context.requestHeaders();
        for (Field field : fields) {
            boolean host = field.name() == HeaderName.HOST;
            HeaderName name = host ? HeaderName.AUTHORITY : field.name();
            if (name.isPseudo() && request.contains(name)) {
                request.appendJoined(name, field.value(), ",");
            } else {
                request.add(name, field.value());
            }
        }
        for (Field field : fields) {
            String problem =
                    UnsendableRequest.problem(field.name().toString(), field.name(), request);
            if (problem != null) {
                UnsendableRequest.refuse(problem, context);
                return false;
            }
        }
        return true;
    }

    private List<Field> responseHeaders(LimitAnswer answer, List<Descriptor> told) {
        List<Field> fields = new ArrayList<>(answer.responseHeaders());
        if (answer.outcome() == Outcome.OVER_LIMIT && spec.reply().marks()) {
            fields.add(new Field(HeaderName.X_ENVOY_RATELIMITED, "true"));
        }
        LimitHeaders.add(told, answer.statuses(), spec.reply().tells(), fields);
        return fields;
    }

    private void count(Cluster cluster, String what) {
        cluster.stats()
                .scope()
                .counter(spec.statPrefix() + what)
                .cell(scope.worker().index())
                .inc();
    }

    private boolean overLimit(LimitAnswer answer, Cluster cluster, FilterContext context) {
        int status = spec.reply().status();
        count(cluster, "over_limit");
        cluster.stats().response(ResponseGroup.ALL, status);
        cluster.stats().response(ResponseGroup.INTERNAL, status);
        if (!spec.enforced().includes(scope.worker().random())) {
            return true;
        }
        context.info().flag(ResponseFlag.RL);
        List<Field> fields = fields(retryAfter(answer), context);
        responseHeaders = List.of();
        context.respond(
                new LocalReply(status, answer.body(), LIMITED, fields, spec.reply().grpcStatus()));
        return false;
    }

    /** When all limits that were too low begin anew; null = it is not told. */
    private @Nullable Field retryAfter(LimitAnswer answer) {
        if (!spec.reply().retryAfter() || spec.reply().status() != TOO_MANY_REQUESTS) {
            return null;
        }
        for (Field field : answer.responseHeaders()) {
            if (field.name().equals(RETRY_AFTER)) {
                return null;
            }
        }
        long latest = -1;
        for (LimitAnswer.Status status : answer.statuses()) {
            if (status.overLimit()) {
                latest = Math.max(latest, Math.max(1, status.resetSeconds()));
            }
        }
        return latest < 0 ? null : new Field(RETRY_AFTER, Long.toString(latest));
    }

    /** Of our own answer: the service's, and what the configuration makes of them. */
    private List<Field> fields(@Nullable Field retryAfter, FilterContext context) {
        HeaderMutations configured = spec.reply().headers();
        if (configured.isEmpty() && retryAfter == null) {
            return responseHeaders;
        }
        Headers made = new Headers(MessagePart.RESPONSE, 128, 8);
        for (Field field : responseHeaders) {
            made.add(field.name(), field.value());
        }
        if (retryAfter != null) {
            made.add(retryAfter.name(), retryAfter.value());
        }
        configured.apply(made, FormatContext.of(context.info(), context.requestHeaders()));
        List<Field> fields = new ArrayList<>(made.size());
        for (int i = 0; i < made.size(); i++) {
            fields.add(new Field(HeaderName.of(made.name(i)), made.value(i)));
        }
        return fields;
    }

    private boolean failed(Cluster cluster, FilterContext context) {
        count(cluster, "error");
        if (!spec.deny().includes(scope.worker().random())) {
            count(cluster, "failure_mode_allowed");
            return true;
        }
        context.info().flag(ResponseFlag.RLSE);
        context.respond(LocalReply.of(spec.reply().statusOnError(), "", FAILED));
        return false;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        for (Field field : responseHeaders) {
            headers.add(field.name(), field.value());
        }
        responseHeaders = List.of();
        return Step.CONTINUE;
    }

    /** Tells what counts at the end; who left before the answer came counts as nothing. */
    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        RequestDescriptors about = request;
        request = null;
        if (about == null || asked) {
            return;
        }
        List<Descriptor> descriptors = about.atEnd();
        if (!descriptors.isEmpty()) {
            ask(about, descriptors, scope.calls(), null, answer -> {});
        }
    }

    private String domain(@Nullable RateLimitOverride ofRoute) {
        return ofRoute == null || ofRoute.domain().isEmpty() ? spec.domain() : ofRoute.domain();
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        Route route = stream.route();
        boolean goes = route != null && route.action() instanceof RouteAction.Forward;
        if (!goes || !isMeant(stream.headers())) {
            into.say(ExplainedStream.WOULD, "pass: it is not meant");
            return;
        }
        RateLimitOverride ofRoute = stream.override(RateLimitOverride.class);
        into.say(
                        ExplainedStream.WOULD,
                        "ask its rate limit service, where a policy makes a descriptor of it")
                .say("domain", domain(ofRoute));
        stream.asks(into, "the rate limit service at " + spec.service().cluster());
    }
}
