package dev.attache.config.route;

import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.InternalRedirectPolicy;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.List;

/** Which fields of a route configuration are honoured. */
public final class RouteSupport {
    private static final String NO_LIMITER =
            "no rate limit filter can be configured that would read them";
    private static final String HEDGING = "hedging is not built yet";
    private static final String PLUGINS = "cluster specifier plugins are not built";
    private static final String RETRY_PLUGINS = "retry policy extensions are not built";

    private RouteSupport() {}

    public static List<MessageSupport> declare() {
        return List.of(
                routeConfiguration(),
                virtualHost(),
                route(),
                MessageSupport.whole(RouteMatch.getDescriptor()).honoured("cookies"),
                routeAction(),
                mirrors(),
                MessageSupport.of(RetryPolicy.getDescriptor())
                        .honoured(
                                "retry_on",
                                "num_retries",
                                "per_try_timeout",
                                "per_try_idle_timeout",
                                "retry_host_predicate",
                                "host_selection_retry_max_attempts",
                                "retriable_status_codes",
                                "retry_back_off",
                                "rate_limited_retry_back_off",
                                "retriable_headers",
                                "retriable_request_headers")
                        .refused("retry priorities are not built yet", "retry_priority")
                        .refused(RETRY_PLUGINS, "retry_options_predicates"),
                MessageSupport.whole(RedirectAction.getDescriptor()),
                MessageSupport.whole(DirectResponseAction.getDescriptor()),
                MessageSupport.whole(InternalRedirectPolicy.getDescriptor()),
                MessageSupport.of(WeightedCluster.getDescriptor())
                        .honoured("clusters", "header_name")
                        .noEffect("the cluster is drawn at random", "use_hash_policy")
                        .noEffect("Envoy sums the weights up itself", "total_weight")
                        .noEffect("weights are not overridden by runtime", "runtime_key_prefix"));
    }

    private static MessageSupport routeConfiguration() {
        return MessageSupport.of(RouteConfiguration.getDescriptor())
                .honoured(
                        "name",
                        "virtual_hosts",
                        "internal_only_headers",
                        "response_headers_to_add",
                        "response_headers_to_remove",
                        "request_headers_to_add",
                        "request_headers_to_remove",
                        "most_specific_header_mutations_wins",
                        "validate_clusters",
                        "max_direct_response_body_size_bytes",
                        "request_mirror_policies",
                        "ignore_port_in_host_matching",
                        "ignore_path_parameters_in_path_matching",
                        "typed_per_filter_config")
                .noEffect("nothing reads it", "metadata")
                .refused("on-demand virtual hosts are not built yet", "vhds")
                .refused(PLUGINS, "cluster_specifier_plugins");
    }

    private static MessageSupport virtualHost() {
        return MessageSupport.of(VirtualHost.getDescriptor())
                .honoured(
                        "name",
                        "domains",
                        "routes",
                        "require_tls",
                        "request_headers_to_add",
                        "request_headers_to_remove",
                        "response_headers_to_add",
                        "response_headers_to_remove",
                        "typed_per_filter_config",
                        "include_request_attempt_count",
                        "include_attempt_count_in_response",
                        "retry_policy",
                        "per_request_buffer_limit_bytes",
                        "request_body_buffer_limit",
                        "request_mirror_policies",
                        "cors",
                        "metadata",
                        "virtual_clusters")
                .noEffect(NO_LIMITER, "rate_limits")
                .noEffect("retries do not say why they are made", "include_is_timeout_retry_header")
                .refused("matcher trees are not built yet", "matcher")
                .refused(HEDGING, "hedge_policy")
                .refused(RETRY_PLUGINS, "retry_policy_typed_config");
    }

    private static MessageSupport route() {
        return MessageSupport.of(Route.getDescriptor())
                .honoured(
                        "name",
                        "match",
                        "route",
                        "redirect",
                        "direct_response",
                        "non_forwarding_action",
                        "metadata",
                        "decorator",
                        "typed_per_filter_config",
                        "request_headers_to_add",
                        "request_headers_to_remove",
                        "response_headers_to_add",
                        "response_headers_to_remove",
                        "per_request_buffer_limit_bytes",
                        "request_body_buffer_limit",
                        "stat_prefix")
                .noEffect("there is no tracer to sample for", "tracing")
                .refused("filter actions are not built", "filter_action");
    }

    private static MessageSupport routeAction() {
        return MessageSupport.of(RouteAction.getDescriptor())
                .honoured(
                        "cluster",
                        "cluster_header",
                        "weighted_clusters",
                        "cluster_not_found_response_code",
                        "metadata_match",
                        "prefix_rewrite",
                        "regex_rewrite",
                        "path_rewrite_policy",
                        "host_rewrite_literal",
                        "auto_host_rewrite",
                        "host_rewrite_header",
                        "host_rewrite_path_regex",
                        "append_x_forwarded_host",
                        "timeout",
                        "idle_timeout",
                        "retry_policy",
                        "request_mirror_policies",
                        "priority",
                        "hash_policy",
                        "max_grpc_timeout",
                        "grpc_timeout_offset",
                        "upgrade_configs",
                        "internal_redirect_policy",
                        "internal_redirect_action",
                        "max_internal_redirects",
                        "cors",
                        "max_stream_duration")
                .noEffect("early data is not accepted", "early_data_policy")
                .noEffect(NO_LIMITER, "rate_limits", "include_vh_rate_limits")
                .refused("responses are flushed within the idle timeout", "flush_timeout")
                .refused(HEDGING, "hedge_policy")
                .refused(PLUGINS, "cluster_specifier_plugin", "inline_cluster_specifier_plugin")
                .refused(RETRY_PLUGINS, "retry_policy_typed_config");
    }

    private static MessageSupport mirrors() {
        return MessageSupport.of(RouteAction.RequestMirrorPolicy.getDescriptor())
                .honoured(
                        "cluster",
                        "cluster_header",
                        "runtime_fraction",
                        "disable_shadow_host_suffix_append")
                .noEffect("there is no tracer to sample for", "trace_sampled")
                .refused(
                        "mirrored requests are sent as they are",
                        "request_headers_mutations",
                        "host_rewrite_literal");
    }
}
