package dev.attache.filters.http.local_ratelimit;

import dev.attache.filters.http.local_ratelimit.LocalRateLimitSettings.VirtualHostLimits;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.ratelimit.DescriptorInputs;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.ratelimit.LocalRateLimiter.Verdict;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.ratelimit.TokenBucket;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request: takes its tokens, or is answered. */
final class LocalRateLimitFilter implements HttpFilter {
    private static final String LIMITED = "local_rate_limited";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final HeaderName X_RATELIMIT_LIMIT = HeaderName.of("x-ratelimit-limit");
    private static final HeaderName X_RATELIMIT_REMAINING = HeaderName.of("x-ratelimit-remaining");
    private static final HeaderName X_RATELIMIT_RESET = HeaderName.of("x-ratelimit-reset");
    private static final HeaderName RETRY_AFTER = HeaderName.of("retry-after");

    private final LocalRateLimitFilterSpec.OnWorker worker;
    private LocalRateLimitSettings settings;
    private @Nullable Verdict verdict;
    private boolean answered;

    LocalRateLimitFilter(
            LocalRateLimitSettings settings, LocalRateLimitFilterSpec.OnWorker worker) {
        this.settings = settings;
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        LocalRateLimitSettings ofRoute = context.override(LocalRateLimitSettings.class);
        settings = ofRoute != null ? ofRoute : settings;
        if (!settings.enabled().includes(worker.scope.worker().random())) {
            return Step.CONTINUE;
        }
        LocalRateLimitStats stats = worker.stats(settings.statPrefix());
        stats.enabled.inc();
        Verdict answer = ask(context);
        verdict = answer;
        switch (answer.outcome()) {
            case ALLOWED -> {
                stats.ok.inc();
                return Step.CONTINUE;
            }
            case SHADOWED -> {
                stats.rateLimited.inc();
                stats.shadowMode.inc();
                return Step.CONTINUE;
            }
            case LIMITED -> stats.rateLimited.inc();
        }
        if (!settings.enforced().includes(worker.scope.worker().random())) {
            settings.requestHeaders().apply(headers, FormatContext.of(context.info(), headers));
            return Step.CONTINUE;
        }
        stats.enforced.inc();
        answered = true;
        return context.respond(reply(answer.bucket(), context));
    }

    private Verdict ask(FilterContext context) {
        long now = worker.scope.worker().nanoTime();
        LocalRateLimiter limiter =
                settings.perConnection()
                        ? ConnectionLimiter.of(context.info().downstream(), settings.limits(), now)
                        : settings.limiter();
        List<Descriptor> descriptors = settings.hasDescriptors() ? descriptors(context) : List.of();
        return limiter.ask(descriptors, share(), now);
    }

    /** What is for this process of the tokens, by the number of hosts that share them. */
    private double share() {
        if (settings.localCluster().isEmpty()) {
            return 1;
        }
        Cluster local = worker.scope.clusters().cluster(settings.localCluster());
        int hosts = local == null ? 0 : local.hosts().size();
        return hosts == 0 ? 1 : 1.0 / hosts;
    }

    private List<Descriptor> descriptors(FilterContext context) {
        List<Descriptor> descriptors = new ArrayList<>();
        DescriptorInputs inputs = new Inputs(context, worker.scope.nodeCluster());
        List<RateLimitPolicy> own = settings.policies();
        for (int i = 0; i < own.size(); i++) {
            if (!own.get(i).onStreamDone()) {
                add(own.get(i), inputs, descriptors);
            }
        }
        if (!own.isEmpty()) {
            return descriptors;
        }
        Route route = context.route();
        if (route == null || !(route.action() instanceof RouteAction.Forward forward)) {
            return descriptors;
        }
        addOfStage(forward.rateLimits(), inputs, descriptors);
        if (includesVirtualHost(forward)) {
            addOfStage(route.virtualHost().spec().rateLimits(), inputs, descriptors);
        }
        return descriptors;
    }

    private boolean includesVirtualHost(RouteAction.Forward forward) {
        VirtualHostLimits option =
                forward.includeVirtualHostRateLimits()
                        ? VirtualHostLimits.INCLUDE
                        : settings.virtualHostLimits();
        return switch (option) {
            case INCLUDE -> true;
            case OVERRIDE -> forward.rateLimits().isEmpty();
            case IGNORE -> false;
        };
    }

    private void addOfStage(
            List<RateLimitPolicy> policies, DescriptorInputs inputs, List<Descriptor> to) {
        for (int i = 0; i < policies.size(); i++) {
            RateLimitPolicy policy = policies.get(i);
            if (policy.stage() == settings.stage() && policy.disableKey().isEmpty()) {
                add(policy, inputs, to);
            }
        }
    }

    private static void add(RateLimitPolicy policy, DescriptorInputs inputs, List<Descriptor> to) {
        Descriptor descriptor = policy.descriptor(inputs);
        if (descriptor != null) {
            to.add(descriptor);
        }
    }

    private record Inputs(FilterContext context, String nodeCluster) implements DescriptorInputs {
        @Override
        public Headers requestHeaders() {
            return context.requestHeaders();
        }

        @Override
        public StreamInfo info() {
            return context.info();
        }

        @Override
        public @Nullable String destinationCluster() {
            ClusterSelection selection = context.cluster();
            return selection == null ? null : selection.cluster();
        }
    }

    private LocalReply reply(@Nullable TokenBucket bucket, FilterContext context) {
        List<LocalReply.Field> fields = new ArrayList<>();
        HeaderMutations configured = settings.responseHeaders();
        boolean retryAfter = settings.retryAfter() && settings.status() == TOO_MANY_REQUESTS;
        if (!configured.isEmpty()) {
            Headers made = new Headers(MessagePart.RESPONSE, 128, 4);
            configured.apply(made, FormatContext.of(context.info(), context.requestHeaders()));
            for (int i = 0; i < made.size(); i++) {
                fields.add(new LocalReply.Field(HeaderName.of(made.name(i)), made.value(i)));
            }
            retryAfter &= !made.contains(RETRY_AFTER);
        }
        if (retryAfter && bucket != null) {
            long seconds = Math.max(1, bucket.secondsToNext(worker.scope.worker().nanoTime()));
            fields.add(new LocalReply.Field(RETRY_AFTER, Long.toString(seconds)));
        }
        return new LocalReply(settings.status(), LIMITED, LIMITED, fields, settings.grpcStatus());
    }

    /** Also called for our own answer, and those of others behind. */
    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (answered) {
            // Only now, as in Envoy: local_reply_config does not see it.
            context.info().flag(ResponseFlag.RL);
        }
        Verdict answer = verdict;
        TokenBucket bucket = answer == null ? null : answer.bucket();
        if (answer == null || bucket == null || !tells(answer.headers())) {
            return Step.CONTINUE;
        }
        long now = worker.scope.worker().nanoTime();
        headers.add(X_RATELIMIT_LIMIT, Long.toString(bucket.maxTokens()));
        headers.add(X_RATELIMIT_REMAINING, Long.toString(bucket.remaining(now)));
        headers.add(X_RATELIMIT_RESET, Long.toString(bucket.secondsToNext(now)));
        return Step.CONTINUE;
    }

    private boolean tells(Descriptor.HeadersOption option) {
        return switch (option) {
            case UNSPECIFIED -> settings.rateLimitHeaders();
            case OFF -> false;
            case DRAFT_VERSION_03 -> true;
        };
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        LocalRateLimitSettings ofRoute = stream.override(LocalRateLimitSettings.class);
        LocalRateLimitSettings own = ofRoute != null ? ofRoute : settings;
        into.say(
                        ExplainedStream.WOULD,
                        "take a token, or answer with " + own.status() + " where none is left")
                .say("stat_prefix", own.statPrefix())
                .say("enabled_share", own.enabled().toString())
                .say("enforced_share", own.enforced().toString())
                .say("descriptors", own.hasDescriptors())
                .say("per_connection", own.perConnection());
        stream.asks(into, "a bucket of this proxy for a token");
    }
}
