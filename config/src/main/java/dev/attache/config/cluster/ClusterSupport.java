package dev.attache.config.cluster;

import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import java.util.List;

/** Which fields of a cluster are honoured. */
public final class ClusterSupport {
    private static final String BY_TYPE = "read with the cluster type or policy it belongs to";

    private ClusterSupport() {}

    public static List<MessageSupport> declare() {
        return List.of(
                cluster(),
                MessageSupport.of(Cluster.CommonLbConfig.getDescriptor())
                        .honoured(
                                "healthy_panic_threshold",
                                "zone_aware_lb_config",
                                "locality_weighted_lb_config",
                                "update_merge_window",
                                "ignore_new_hosts_until_first_hc",
                                "close_connections_on_host_set_change",
                                "consistent_hashing_lb_config",
                                "override_host_status"),
                MessageSupport.of(Cluster.RingHashLbConfig.getDescriptor())
                        .honoured("minimum_ring_size", "maximum_ring_size", "hash_function"),
                MessageSupport.of(Cluster.OriginalDstLbConfig.getDescriptor())
                        .honoured(
                                "use_http_header",
                                "http_header_name",
                                "upstream_port_override",
                                "metadata_key"),
                MessageSupport.of(Cluster.EdsClusterConfig.getDescriptor())
                        .honoured("eds_config", "service_name"),
                MessageSupport.whole(DnsCluster.getDescriptor()),
                outliers(),
                HealthCheckSupport.check(),
                HealthCheckSupport.http(),
                MessageSupport.whole(HealthCheck.TcpHealthCheck.getDescriptor()),
                MessageSupport.whole(HealthCheck.GrpcHealthCheck.getDescriptor()),
                MessageSupport.whole(HealthCheck.Payload.getDescriptor()),
                MessageSupport.whole(HealthCheck.TlsOptions.getDescriptor()),
                MessageSupport.whole(LoadBalancingPolicy.getDescriptor()),
                MessageSupport.of(UpstreamConnectionOptions.getDescriptor())
                        .honoured("tcp_keepalive", "happy_eyeballs_config")
                        .noEffect(
                                "the interface name is not recorded",
                                "set_local_interface_name_on_upstream_connections"),
                MessageSupport.of(BindConfig.getDescriptor())
                        .honoured(
                                "source_address",
                                "freebind",
                                "socket_options",
                                "extra_source_addresses",
                                "additional_source_addresses")
                        .refused("address selectors are not built", "local_address_selector"));
    }

    private static MessageSupport outliers() {
        return MessageSupport.of(OutlierDetection.getDescriptor())
                .honoured(
                        "consecutive_5xx",
                        "interval",
                        "base_ejection_time",
                        "max_ejection_percent",
                        "enforcing_consecutive_5xx",
                        "enforcing_success_rate",
                        "success_rate_minimum_hosts",
                        "success_rate_request_volume",
                        "success_rate_stdev_factor",
                        "consecutive_gateway_failure",
                        "enforcing_consecutive_gateway_failure",
                        "split_external_local_origin_errors",
                        "consecutive_local_origin_failure",
                        "enforcing_consecutive_local_origin_failure",
                        "enforcing_local_origin_success_rate",
                        "failure_percentage_threshold",
                        "enforcing_failure_percentage",
                        "enforcing_failure_percentage_local_origin",
                        "failure_percentage_minimum_hosts",
                        "failure_percentage_request_volume",
                        "max_ejection_time",
                        "max_ejection_time_jitter",
                        "always_eject_one_host",
                        "successful_active_health_check_uneject_host")
                .refused("outlier detection monitors are not built yet", "monitors");
    }

    private static MessageSupport cluster() {
        return MessageSupport.of(Cluster.getDescriptor())
                .honoured(
                        "name",
                        "alt_stat_name",
                        "type",
                        "cluster_type",
                        "eds_cluster_config",
                        "connect_timeout",
                        "per_connection_buffer_limit_bytes",
                        "lb_policy",
                        "load_assignment",
                        "health_checks",
                        "circuit_breakers",
                        "max_requests_per_connection",
                        "upstream_http_protocol_options",
                        "common_http_protocol_options",
                        "http_protocol_options",
                        "http2_protocol_options",
                        "protocol_selection",
                        "typed_extension_protocol_options",
                        "dns_refresh_rate",
                        "dns_jitter",
                        "dns_failure_refresh_rate",
                        "respect_dns_ttl",
                        "dns_lookup_family",
                        "dns_resolvers",
                        "dns_resolution_config",
                        "typed_dns_resolver_config",
                        "wait_for_warm_on_init",
                        "cleanup_interval",
                        "upstream_bind_config",
                        "common_lb_config",
                        "transport_socket",
                        "transport_socket_matches",
                        "metadata",
                        "upstream_connection_options",
                        "close_connections_on_host_health_failure",
                        "ignore_health_on_host_removal",
                        "load_balancing_policy",
                        "preconnect_policy",
                        "connection_pool_per_downstream_connection")
                .honoured(
                        "outlier_detection",
                        "ring_hash_lb_config",
                        "maglev_lb_config",
                        "original_dst_lb_config",
                        "least_request_lb_config",
                        "round_robin_lb_config")
                .noEffect("the resolver falls back to TCP by itself", "use_tcp_for_dns_lookups")
                .noEffect(
                        "the extra histograms are not kept",
                        "track_cluster_stats",
                        "track_timeout_budgets")
                .noEffect(
                        "loads are reported where the cluster manager configures it",
                        "lrs_server",
                        "lrs_report_endpoint_metrics")
                .refused("subset load balancing is not built yet", "lb_subset_config")
                .refused("upstream network filters are not built yet", "filters")
                .refused("custom connection pools are not built", "upstream_config");
    }
}
