package dev.attache.config.bootstrap;

import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.ClusterManager;
import io.envoyproxy.envoy.config.bootstrap.v3.Watchdog;
import io.envoyproxy.envoy.config.bootstrap.v3.Watchdogs;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import java.util.List;

/** Which fields of a bootstrap are honoured. */
final class BootstrapSupport {
    private BootstrapSupport() {}

    static List<MessageSupport> declare() {
        return List.of(
                bootstrap(),
                MessageSupport.of(Watchdogs.getDescriptor())
                        .honoured("main_thread_watchdog", "worker_watchdog"),
                MessageSupport.of(Watchdog.getDescriptor())
                        .honoured(
                                "miss_timeout",
                                "megamiss_timeout",
                                "kill_timeout",
                                "max_kill_timeout_jitter",
                                "multikill_timeout",
                                "multikill_threshold")
                        .noEffect(
                                "a thread that stands still is logged with its stack, and ended"
                                        + " only by the kill timeouts",
                                "actions"),
                MessageSupport.of(Admin.getDescriptor())
                        .honoured("access_log", "access_log_path", "address", "socket_options")
                        .noEffect("there is no CPU profiler to write it", "profile_path")
                        .noEffect(
                                "admin connections are never counted", "ignore_global_conn_limit"),
                MessageSupport.of(ClusterManager.getDescriptor())
                        .honoured("local_cluster_name", "upstream_bind_config")
                        .noEffect(
                                "ejections are logged once outlier detection is built",
                                "outlier_detection")
                        .noEffect(
                                "a cluster without traffic costs nothing anyway",
                                "enable_deferred_cluster_creation")
                        .refused("load reporting is not built yet", "load_stats_config"),
                MessageSupport.whole(OverloadManager.getDescriptor()));
    }

    private static MessageSupport bootstrap() {
        return MessageSupport.of(Bootstrap.getDescriptor())
                .honoured(
                        "node",
                        "static_resources",
                        "dynamic_resources",
                        "cluster_manager",
                        "stats_config",
                        "watchdog",
                        "watchdogs",
                        "stats_flush_interval",
                        "stats_flush_on_admin",
                        "stats_eviction_interval",
                        "layered_runtime",
                        "admin",
                        "overload_manager",
                        "bootstrap_extensions",
                        "application_log_config",
                        "default_regex_engine",
                        "use_tcp_for_dns_lookups",
                        "dns_resolution_config",
                        "typed_dns_resolver_config")
                .noEffect("stats sinks are not built yet: nothing is sent", "stats_sinks")
                .noEffect("tracing is not built yet: no spans are sent", "tracing")
                .noEffect("stats of unused clusters cost nothing anyway", "deferred_stat_options")
                .noEffect("there is no such file to write", "flags_path", "perf_tracing_file_path")
                .noEffect("loops are not instrumented", "enable_dispatcher_stats")
                .noEffect("headers need no registration", "inline_headers")
                .noEffect(
                        "belongs to Envoy's own implementation",
                        "fatal_actions",
                        "listener_manager",
                        "default_socket_interface",
                        "grpc_async_client_manager_config",
                        "memory_allocator_manager",
                        "xds_config_tracker_extension",
                        "stats_server_version_override")
                .refused("xdstp resources are not built yet", "node_context_params")
                .refused("health discovery is not built yet", "hds_config")
                .refused("the x-envoy- prefix cannot be renamed yet", "header_prefix")
                .refused(
                        "xdstp config sources are not built yet",
                        "config_sources",
                        "default_config_source")
                .refused("certificate providers are not built", "certificate_provider_instances")
                .refused("xDS delegates are not built", "xds_delegate_extension");
    }
}
