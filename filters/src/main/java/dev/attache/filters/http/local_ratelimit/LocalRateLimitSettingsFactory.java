package dev.attache.filters.http.local_ratelimit;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.ratelimit.LimiterCompiler;
import dev.attache.config.ratelimit.RateLimitCompiler;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.http.local_ratelimit.LocalRateLimitSettings.VirtualHostLimits;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.route.HeaderMutations;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import java.util.List;

/** Limits in {@code typed_per_filter_config}, and the compiler of both places. */
public final class LocalRateLimitSettingsFactory
        implements ExtensionCompiler<LocalRateLimit, Object> {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int RESOURCE_EXHAUSTED = 8;

    @Override
    public LocalRateLimit prototype() {
        return LocalRateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(LocalRateLimit proto, CompileContext context) {
        if (!proto.hasTokenBucket()) {
            context.error("local rate limit token bucket must be set for per filter configs");
        }
        return context.result(settings(proto, context));
    }

    static LocalRateLimitSettings settings(LocalRateLimit proto, CompileContext context) {
        int status = proto.getStatus().getCodeValue();
        LocalRateLimiter.Spec limits =
                LimiterCompiler.compile(
                        proto.hasTokenBucket() ? proto.getTokenBucket() : null,
                        proto.getDescriptorsList(),
                        maxDynamic(proto),
                        !proto.hasAlwaysConsumeDefaultTokenBucket()
                                || proto.getAlwaysConsumeDefaultTokenBucket().getValue(),
                        context);
        return new LocalRateLimitSettings(
                proto.getStatPrefix(),
                status >= 400 ? status : TOO_MANY_REQUESTS,
                new LocalRateLimiter(limits, System.nanoTime()),
                limits,
                share(
                        proto.hasFilterEnabled(),
                        proto.getFilterEnabled(),
                        "filter_enabled",
                        context),
                share(
                        proto.hasFilterEnforced(),
                        proto.getFilterEnforced(),
                        "filter_enforced",
                        context),
                headers(
                        proto.getRequestHeadersToAddWhenNotEnforcedList(),
                        "request_headers_to_add_when_not_enforced",
                        context),
                headers(proto.getResponseHeadersToAddList(), "response_headers_to_add", context),
                proto.getStage(),
                proto.getLocalRateLimitPerDownstreamConnection(),
                proto.hasLocalClusterRateLimit() ? localCluster(proto, context) : "",
                proto.getEnableXRatelimitHeaders() == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
                Overlay.of(proto).flag("enable_retry_after_header"),
                switch (proto.getVhRateLimits()) {
                    case INCLUDE -> VirtualHostLimits.INCLUDE;
                    case IGNORE -> VirtualHostLimits.IGNORE;
                    case OVERRIDE, UNRECOGNIZED -> VirtualHostLimits.OVERRIDE;
                },
                proto.getRateLimitedAsResourceExhausted() ? RESOURCE_EXHAUSTED : -1,
                RateLimitCompiler.ofFilter(proto.getRateLimitsList(), false, context));
    }

    private static int maxDynamic(LocalRateLimit proto) {
        long max = Integer.toUnsignedLong(proto.getMaxDynamicDescriptors().getValue());
        return proto.hasMaxDynamicDescriptors()
                ? (int) Math.min(max, Integer.MAX_VALUE)
                : LimiterCompiler.MAX_DYNAMIC;
    }

    private static Fraction share(
            boolean set, RuntimeFractionalPercent percent, String field, CompileContext context) {
        return set ? Fractions.compile(percent, context.at(field)) : Fraction.NEVER;
    }

    private static HeaderMutations headers(
            List<HeaderValueOption> add, String field, CompileContext context) {
        return HeaderMutationCompiler.compile(add, field, List.of(), "", context);
    }

    private static String localCluster(LocalRateLimit proto, CompileContext context) {
        CompileContext at = context.at("local_cluster_rate_limit");
        String local = context.settings().localCluster();
        if (proto.getLocalRateLimitPerDownstreamConnection()) {
            at.error(
                    "local_cluster_rate_limit is set and"
                            + " local_rate_limit_per_downstream_connection is set to true");
        } else if (local.isEmpty()) {
            at.error("local_cluster_rate_limit is set but no local cluster name is present");
        }
        return local;
    }
}
