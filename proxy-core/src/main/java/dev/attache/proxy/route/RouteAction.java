package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.stream.format.BodyFormat;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route does with a request. Immutable. */
public sealed interface RouteAction {

    /**
     * {@code envoy.config.route.v3.RouteAction}: send it to a cluster.
     *
     * @param timeoutMillis whole response including retries; 0 = none; Envoy's default is 15000
     * @param idleTimeoutMillis -1 = the connection manager's; 0 = none
     * @param flushTimeoutMillis -1 = the connection manager's, or else its idle timeout; 0 = none
     * @param maxStreamDuration null = the old timeout rules apply
     * @param maxGrpcTimeoutMillis -1 = unset; 0 = grpc-timeout without a cap
     * @param retry the route's or else the virtual host's; null = none
     * @param upgrades by lower-case type; absent = as the connection manager says
     * @param metadataMatch {@code envoy.lb} fields wanted of hosts
     * @param requestBodyBufferLimit bytes, -1 = the connection's
     * @param rateLimits what requests count as, for rate limit filters
     */
    record Forward(
            ClusterChoice cluster,
            int clusterNotFoundStatus,
            long timeoutMillis,
            long idleTimeoutMillis,
            long flushTimeoutMillis,
            @Nullable MaxStreamDuration maxStreamDuration,
            long maxGrpcTimeoutMillis,
            long grpcTimeoutOffsetMillis,
            @Nullable RetryPolicy retry,
            @Nullable PathRewrite pathRewrite,
            @Nullable HostRewrite hostRewrite,
            boolean appendXForwardedHost,
            List<HashPolicy> hashPolicies,
            List<Mirror> mirrors,
            Map<String, Upgrade> upgrades,
            MetadataValue.Struct metadataMatch,
            boolean highPriority,
            @Nullable InternalRedirect internalRedirect,
            long requestBodyBufferLimit,
            List<RateLimitPolicy> rateLimits,
            boolean includeVirtualHostRateLimits)
            implements RouteAction {}

    /** {@code RedirectAction}. Null members leave that part as it is. */
    record Redirect(
            @Nullable String scheme,
            @Nullable String host,
            int port,
            @Nullable PathRewrite path,
            int responseCode,
            boolean stripQuery)
            implements RouteAction {}

    /**
     * {@code DirectResponseAction}.
     *
     * @param bodyFormat makes the body, for which {@code body} is then LOCAL_REPLY_BODY
     */
    record DirectResponse(int status, byte @Nullable [] body, @Nullable BodyFormat bodyFormat)
            implements RouteAction {}

    /** {@code non_forwarding_action}. */
    record NonForwarding() implements RouteAction {}

    /** How the cluster is named. */
    sealed interface ClusterChoice {
        record Named(String cluster) implements ClusterChoice {}

        record FromHeader(HeaderName header) implements ClusterChoice {}

        /**
         * @param total sum of weights
         * @param header null, or the header whose value replaces the random value
         */
        record Weighted(
                List<WeightedCluster> clusters,
                long total,
                @Nullable HeaderName header,
                boolean useHashPolicy)
                implements ClusterChoice {}
    }

    /**
     * One entry of {@code weighted_clusters}.
     *
     * @param cluster null when {@code header} names it
     * @param metadataMatch {@code envoy.lb} fields wanted of hosts, those of the route among them
     */
    record WeightedCluster(
            @Nullable String cluster,
            @Nullable HeaderName header,
            long weight,
            HeaderMutations requestHeaders,
            HeaderMutations responseHeaders,
            MetadataValue.Struct metadataMatch,
            @Nullable String hostRewrite,
            Map<String, FilterOverride> perFilterConfig) {}

    /** {@code max_stream_duration}; -1 = unset, 0 = unlimited. */
    record MaxStreamDuration(
            long maxMillis, long grpcTimeoutHeaderMaxMillis, long grpcTimeoutHeaderOffsetMillis) {}

    /** How the path changes. */
    sealed interface PathRewrite {
        /** Replaces what the route's prefix or exact path matched. */
        record Prefix(String replacement) implements PathRewrite {}

        /** On the path without query. */
        record Substitute(Regex regex, String substitution) implements PathRewrite {}

        /** The whole path; in redirects it may carry a query. */
        record Whole(String path) implements PathRewrite {}

        record Template(String rewrite) implements PathRewrite {}

        record Formatted(Formatter formatter) implements PathRewrite {}
    }

    /** How the authority changes. */
    sealed interface HostRewrite {
        record Literal(String host) implements HostRewrite {}

        record FromHeader(HeaderName header) implements HostRewrite {}

        record FromPath(Regex regex, String substitution) implements HostRewrite {}

        /** The chosen host's DNS name, after the host is chosen. */
        record Auto() implements HostRewrite {}

        record Formatted(Formatter formatter) implements HostRewrite {}
    }

    /** One source of the hash that consistent balancers use. */
    record HashPolicy(Source source, boolean terminal) {

        /** Where the hash comes from. */
        public sealed interface Source {
            record Header(HeaderName name, @Nullable Regex regex, String substitution)
                    implements Source {}

            /**
             * @param ttlSeconds -1 = never generated; 0 = session cookie
             */
            record Cookie(String name, long ttlSeconds, String path, List<String> attributes)
                    implements Source {}

            record SourceIp() implements Source {}

            record QueryParameter(String name) implements Source {}

            record FilterStateKey(String key) implements Source {}
        }
    }

    /**
     * {@code request_mirror_policies}.
     *
     * @param hostRewrite the authority of copies, or null: the request's, with the suffix
     * @param edits of copies' headers, carried out in their order
     * @param traceSampled whether the copy's span is sent; null = as the request's
     */
    record Mirror(
            @Nullable String cluster,
            @Nullable HeaderName clusterHeader,
            RouteMatcher.@Nullable Fraction fraction,
            boolean appendShadowSuffix,
            @Nullable String hostRewrite,
            List<HeaderEdit> edits,
            @Nullable Boolean traceSampled) {}

    /** {@code upgrade_configs} of one type. */
    record Upgrade(boolean enabled, boolean connectTerminates, boolean allowPost) {}

    /** {@code internal_redirect_policy}. */
    record InternalRedirect(
            int maxRedirects,
            java.util.Set<Integer> responseCodes,
            boolean allowCrossScheme,
            List<HeaderName> responseHeadersToCopy,
            boolean onlySafeCrossScheme,
            boolean refusePreviousRoutes,
            java.util.Set<String> allowedRoutes) {}
}
