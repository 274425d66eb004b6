package dev.attache.filters.http.ratelimit;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.ratelimit.RateLimitCompiler;
import dev.attache.config.route.HeaderMutationCompiler;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.http.ratelimit.RateLimitFilterSpec.Reply;
import dev.attache.filters.http.ratelimit.RateLimitFilterSpec.Requests;
import dev.attache.filters.ratelimit.RateLimitServiceFactory;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit.XRateLimitHeadersRFCVersion;
import java.util.List;

/** Compiles {@code envoy.filters.http.ratelimit}. */
public final class RateLimitFilterFactory implements ExtensionCompiler<RateLimit, HttpFilterSpec> {
    private static final String METADATA = "envoy.filters.http.ratelimit";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final int RESOURCE_EXHAUSTED = 8;

    @Override
    public RateLimit prototype() {
        return RateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(RateLimit proto, CompileContext context) {
        GrpcService service =
                RateLimitServiceFactory.compile(
                        proto.getRateLimitService(),
                        proto.hasTimeout() ? proto.getTimeout() : null,
                        context);
        if (service == null) {
            return context.result(null);
        }
        String namespace = Overlay.of(proto).text("metadata_namespace");
        return context.result(
                new RateLimitFilterSpec(
                        service,
                        Octets.of(proto.getDomain()),
                        proto.getStage(),
                        switch (proto.getRequestType()) {
                            case "internal" -> Requests.INTERNAL;
                            case "external" -> Requests.EXTERNAL;
                            default -> Requests.BOTH;
                        },
                        proto.getStatPrefix().isEmpty()
                                ? "ratelimit."
                                : "ratelimit." + Octets.of(proto.getStatPrefix()) + ".",
                        namespace.isEmpty() ? METADATA : namespace,
                        share(
                                proto.hasFilterEnabled(),
                                proto.getFilterEnabled(),
                                context.at("filter_enabled"),
                                "ratelimit.http_filter_enabled"),
                        share(
                                proto.hasFilterEnforced(),
                                proto.getFilterEnforced(),
                                context.at("filter_enforced"),
                                "ratelimit.http_filter_enforcing"),
                        deny(proto, context),
                        reply(proto, context),
                        RateLimitCompiler.ofFilter(proto.getRateLimitsList(), true, context)));
    }

    /** What the field says, or else the older runtime key. */
    private static Fraction share(
            boolean set, RuntimeFractionalPercent percent, CompileContext context, String older) {
        return set
                ? Fractions.compile(percent, context)
                : context.settings().runtime().fraction(older).orElse(Fraction.ALWAYS);
    }

    private static Fraction deny(RateLimit proto, CompileContext context) {
        if (proto.hasFailureModeDenyPercent()) {
            return Fractions.compile(
                    proto.getFailureModeDenyPercent(), context.at("failure_mode_deny_percent"));
        }
        return proto.getFailureModeDeny() ? Fraction.ALWAYS : Fraction.NEVER;
    }

    private static Reply reply(RateLimit proto, CompileContext context) {
        int status = proto.getRateLimitedStatus().getCodeValue();
        int onError = proto.getStatusOnError().getCodeValue();
        return new Reply(
                status >= 400 ? status : TOO_MANY_REQUESTS,
                onError >= 100 ? onError : INTERNAL_SERVER_ERROR,
                proto.getRateLimitedAsResourceExhausted() ? RESOURCE_EXHAUSTED : -1,
                !proto.getDisableXEnvoyRatelimitedHeader(),
                proto.getEnableXRatelimitHeaders() == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
                Overlay.of(proto).flag("enable_retry_after_header"),
                HeaderMutationCompiler.compile(
                        proto.getResponseHeadersToAddList(),
                        "response_headers_to_add",
                        List.of(),
                        "",
                        context));
    }
}
