package dev.attache.filters.http.ratelimit;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.route.HeaderMutations;
import java.util.List;

/**
 * The filter as configured. Immutable.
 *
 * @param service with the time that it has
 * @param stage of the policies of routes and virtual hosts that are looked at
 * @param statPrefix {@code ratelimit.} and the filter's, with the dot behind it
 * @param metadataNamespace where the service's metadata goes
 * @param enabled share of the requests that are asked about
 * @param enforced share of those too many that are answered
 * @param deny share of the requests that are answered where the service cannot be asked
 * @param policies used instead of those of routes and virtual hosts, if there are any
 */
record RateLimitFilterSpec(
        GrpcService service,
        String domain,
        int stage,
        Requests requests,
        String statPrefix,
        String metadataNamespace,
        Fraction enabled,
        Fraction enforced,
        Fraction deny,
        Reply reply,
        List<RateLimitPolicy> policies)
        implements HttpFilterSpec {

    /** {@code request_type}. */
    enum Requests {
        INTERNAL,
        EXTERNAL,
        BOTH
    }

    /**
     * What the client is told.
     *
     * @param status where it is too much
     * @param statusOnError where nobody knows, and that is reason enough
     * @param grpcStatus instead of the one that follows from the status; -1 = none
     * @param marks whether {@code x-envoy-ratelimited} is told
     * @param tells whether limits are told
     * @param retryAfter whether it is told when to try again
     * @param headers of the answer to what is too much
     */
    record Reply(
            int status,
            int statusOnError,
            int grpcStatus,
            boolean marks,
            boolean tells,
            boolean retryAfter,
            HeaderMutations headers) {}

    RateLimitFilterSpec {
        policies = List.copyOf(policies);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new RateLimitFilter(this, scope);
    }
}
