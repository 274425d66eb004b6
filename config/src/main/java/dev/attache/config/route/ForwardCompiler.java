package dev.attache.config.route;

import com.google.protobuf.Duration;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.ratelimit.RateLimitCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.Forward;
import dev.attache.proxy.route.RouteAction.InternalRedirect;
import dev.attache.proxy.route.RouteAction.MaxStreamDuration;
import dev.attache.proxy.route.RouteAction.Upgrade;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.route.v3.InternalRedirectPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code RouteAction} to {@link Forward}. */
final class ForwardCompiler {
    private static final long DEFAULT_TIMEOUT_MILLIS = 15_000;
    private static final Set<Integer> REDIRECT_CODES = Set.of(301, 302, 303, 307, 308);
    private static final String PREDICATES = "envoy.extensions.internal_redirect.";

    private ForwardCompiler() {}

    /** The action, or null with the errors reported. */
    @SuppressWarnings("deprecation") // max_grpc_timeout is what Istio sends
    static @Nullable Forward compile(Route route, RouteScope scope, CompileContext context) {
        RouteAction action = route.getRoute();
        ClusterChoice cluster = ClusterChoiceCompiler.compile(action, scope, context);
        Forward forward =
                new Forward(
                        cluster == null ? new ClusterChoice.Named("") : cluster,
                        notFoundStatus(action),
                        millis(
                                action.hasTimeout(),
                                action.getTimeout(),
                                DEFAULT_TIMEOUT_MILLIS,
                                context.at("timeout")),
                        millis(
                                action.hasIdleTimeout(),
                                action.getIdleTimeout(),
                                -1,
                                context.at("idle_timeout")),
                        millis(
                                action.hasFlushTimeout(),
                                action.getFlushTimeout(),
                                -1,
                                context.at("flush_timeout")),
                        maxStreamDuration(action, context.at("max_stream_duration")),
                        millis(
                                action.hasMaxGrpcTimeout(),
                                action.getMaxGrpcTimeout(),
                                -1,
                                context.at("max_grpc_timeout")),
                        Durations.millis(
                                action.getGrpcTimeoutOffset(), context.at("grpc_timeout_offset")),
                        retry(action, scope, context),
                        RewriteCompiler.path(action, context),
                        RewriteCompiler.host(action, context),
                        action.getAppendXForwardedHost(),
                        HashPolicyCompiler.compile(action.getHashPolicyList(), context),
                        MirrorCompiler.compile(
                                action.getRequestMirrorPoliciesList(),
                                scope.mirrors(),
                                scope.clusterExists(),
                                context),
                        upgrades(action, context),
                        action.hasMetadataMatch()
                                ? ClusterChoiceCompiler.balancing(action.getMetadataMatch())
                                : MetadataValue.EMPTY_STRUCT,
                        action.getPriority() == RoutingPriority.HIGH,
                        internalRedirect(action, context),
                        bodyBufferLimit(route, scope),
                        RateLimitCompiler.ofRoutes(action.getRateLimitsList(), context),
                        includesVirtualHost(action));
        return cluster == null ? null : forward;
    }

    private static long millis(
            boolean present, Duration duration, long otherwise, CompileContext context) {
        return Durations.millis(present, duration, otherwise, context);
    }

    private static int notFoundStatus(RouteAction action) {
        return switch (action.getClusterNotFoundResponseCode()) {
            case NOT_FOUND -> 404;
            case INTERNAL_SERVER_ERROR -> 500;
            case SERVICE_UNAVAILABLE, UNRECOGNIZED -> 503;
        };
    }

    private static @Nullable MaxStreamDuration maxStreamDuration(
            RouteAction action, CompileContext context) {
        if (!action.hasMaxStreamDuration()) {
            return null;
        }
        var duration = action.getMaxStreamDuration();
        return new MaxStreamDuration(
                millis(
                        duration.hasMaxStreamDuration(),
                        duration.getMaxStreamDuration(),
                        -1,
                        context.at("max_stream_duration")),
                millis(
                        duration.hasGrpcTimeoutHeaderMax(),
                        duration.getGrpcTimeoutHeaderMax(),
                        -1,
                        context.at("grpc_timeout_header_max")),
                millis(
                        duration.hasGrpcTimeoutHeaderOffset(),
                        duration.getGrpcTimeoutHeaderOffset(),
                        -1,
                        context.at("grpc_timeout_header_offset")));
    }

    private static @Nullable RetryPolicy retry(
            RouteAction action, RouteScope scope, CompileContext context) {
        return action.hasRetryPolicy()
                ? RetryPolicyCompiler.compile(action.getRetryPolicy(), context.at("retry_policy"))
                : scope.retry();
    }

    private static Map<String, Upgrade> upgrades(RouteAction action, CompileContext context) {
        if (action.getUpgradeConfigsCount() == 0) {
            return Map.of();
        }
        Map<String, Upgrade> upgrades = new HashMap<>();
        for (int i = 0; i < action.getUpgradeConfigsCount(); i++) {
            var config = action.getUpgradeConfigs(i);
            CompileContext at = context.at("upgrade_configs", i);
            String type = config.getUpgradeType().toLowerCase(Locale.ROOT);
            boolean enabled = !config.hasEnabled() || config.getEnabled().getValue();
            Upgrade upgrade =
                    new Upgrade(
                            enabled,
                            config.hasConnectConfig(),
                            config.getConnectConfig().getAllowPost());
            if (upgrades.put(type, upgrade) != null) {
                at.error("Duplicate upgrade " + config.getUpgradeType());
            }
            if (config.hasConnectConfig()
                    && !type.equals("connect")
                    && !type.equals("connect-udp")) {
                at.error(
                        "Non-CONNECT upgrade type %s has ConnectConfig"
                                .formatted(config.getUpgradeType()));
            }
            if (config.getConnectConfig().hasProxyProtocolConfig()) {
                at.at("connect_config")
                        .at("proxy_protocol_config")
                        .error("a PROXY header to the upstream of a CONNECT is not supported");
            }
        }
        return upgrades;
    }

    @SuppressWarnings("deprecation") // internal_redirect_action is the old switch
    private static @Nullable InternalRedirect internalRedirect(
            RouteAction action, CompileContext context) {
        if (!action.hasInternalRedirectPolicy()) {
            boolean on =
                    action.getInternalRedirectAction()
                            == RouteAction.InternalRedirectAction.HANDLE_INTERNAL_REDIRECT;
            int max =
                    action.hasMaxInternalRedirects()
                            ? action.getMaxInternalRedirects().getValue()
                            : 1;
            return on
                    ? new InternalRedirect(
                            max, Set.of(302), false, List.of(), false, false, Set.of())
                    : null;
        }
        CompileContext at = context.at("internal_redirect_policy");
        InternalRedirectPolicy policy = action.getInternalRedirectPolicy();
        Set<Integer> codes = new HashSet<>(policy.getRedirectResponseCodesList());
        codes.retainAll(REDIRECT_CODES);
        boolean safe = false;
        boolean previous = false;
        Set<String> allowed = new HashSet<>();
        for (int i = 0; i < policy.getPredicatesCount(); i++) {
            var any = policy.getPredicates(i).getTypedConfig();
            CompileContext predicate = at.at("predicates", i).at("typed_config");
            String type = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
            switch (type) {
                case PREDICATES + "safe_cross_scheme.v3.SafeCrossSchemeConfig" -> safe = true;
                case PREDICATES + "previous_routes.v3.PreviousRoutesConfig" -> previous = true;
                case PREDICATES + "allow_listed_routes.v3.AllowListedRoutesConfig" -> {
                    var config =
                            predicate.unpack(any, AllowListedRoutesConfig.getDefaultInstance());
                    allowed.addAll(config == null ? List.of() : config.getAllowedRouteNamesList());
                }
                default -> predicate.missing(policy.getPredicates(i).getName(), type);
            }
        }
        return new InternalRedirect(
                policy.hasMaxInternalRedirects() ? policy.getMaxInternalRedirects().getValue() : 1,
                codes.isEmpty() ? Set.of(302) : codes,
                policy.getAllowCrossSchemeRedirect(),
                policy.getResponseHeadersToCopyList().stream().map(HeaderName::of).toList(),
                safe,
                previous,
                allowed);
    }

    @SuppressWarnings("deprecation") // the filters' vh_rate_limits came later
    private static boolean includesVirtualHost(RouteAction action) {
        return action.getIncludeVhRateLimits().getValue();
    }

    @SuppressWarnings("deprecation") // per_request_buffer_limit_bytes is the old name
    private static long bodyBufferLimit(Route route, RouteScope scope) {
        if (route.hasRequestBodyBufferLimit()) {
            return route.getRequestBodyBufferLimit().getValue();
        }
        return route.hasPerRequestBufferLimitBytes()
                ? Integer.toUnsignedLong(route.getPerRequestBufferLimitBytes().getValue())
                : scope.bodyBufferLimit();
    }
}
