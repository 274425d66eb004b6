package dev.attache.server.lifecycle;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;

/**
 * What the process lists from its first moment on, whatever its configuration. Source: a running
 * Envoy. Names of things that this proxy does not have stay zero and are there for dashboards and
 * alerts; docs/compatibility.md says which.
 */
final class ServerStatNames {

    private static final StatFamily SERVER =
            StatFamily.builder()
                    .counters(
                            "debug_assertion_failures",
                            "dropped_stat_flushes",
                            "dynamic_unknown_fields",
                            "envoy_bug_failures",
                            "envoy_notifications",
                            "main_thread.watchdog_mega_miss",
                            "main_thread.watchdog_miss",
                            "static_unknown_fields",
                            "wip_protos")
                    .gauges(
                            "compilation_settings.fips_mode",
                            "seconds_until_first_ocsp_response_expiring",
                            "stats_recent_lookups")
                    .build();

    private static final StatFamily WORKER =
            StatFamily.builder().counters("watchdog_mega_miss", "watchdog_miss").build();

    private static final StatFamily CLUSTERS_OF_THREAD =
            StatFamily.builder().gauges("clusters_inflated").build();

    private static final StatFamily LISTENERS =
            StatFamily.builder()
                    .counters(
                            "listener_added",
                            "listener_create_failure",
                            "listener_create_success",
                            "listener_in_place_updated",
                            "listener_modified",
                            "listener_removed",
                            "listener_stopped")
                    .gauges(
                            "total_filter_chains_draining",
                            "total_listeners_active",
                            "total_listeners_draining",
                            "total_listeners_warming",
                            "workers_pinned",
                            "workers_started")
                    .build();

    private static final StatFamily CLUSTERS =
            StatFamily.builder()
                    .counters(
                            "cluster_added",
                            "cluster_modified",
                            "cluster_removed",
                            "cluster_updated",
                            "cluster_updated_via_merge",
                            "update_merge_cancelled",
                            "update_out_of_merge_window")
                    .gauges("active_clusters", "warming_clusters")
                    .build();

    private static final StatFamily RUNTIME =
            StatFamily.builder()
                    .counters(
                            "deprecated_feature_use",
                            "load_error",
                            "load_success",
                            "override_dir_exists",
                            "override_dir_not_exists")
                    .gauges(
                            "admin_overrides_active",
                            "deprecated_feature_seen_since_process_start",
                            "num_keys",
                            "num_layers")
                    .build();

    private static final StatFamily PROCESS =
            StatFamily.builder()
                    .counters(
                            "envoy.overload_actions.reset_high_memory_stream.count",
                            "main_thread.watchdog_mega_miss",
                            "main_thread.watchdog_miss",
                            "overload.worker_direct.allocation_failed",
                            "overload.worker_direct.shed_count",
                            "overload.worker_heap.shed_count",
                            "workers.watchdog_mega_miss",
                            "workers.watchdog_miss")
                    .histogram("overload.refresh_interval_delay", Histogram.Unit.MILLISECONDS)
                    .build();

    private static final StatFamily ASYNC_CLIENT =
            StatFamily.builder()
                    .counters(
                            "no_cluster",
                            "no_route",
                            "passthrough_internal_redirect_bad_location",
                            "passthrough_internal_redirect_no_route",
                            "passthrough_internal_redirect_predicate",
                            "passthrough_internal_redirect_too_many_redirects",
                            "passthrough_internal_redirect_unsafe_scheme",
                            "rq_direct_response",
                            "rq_overload_local_reply",
                            "rq_redirect",
                            "rq_reset_after_downstream_response_started",
                            "rq_total")
                    .build();

    private ServerStatNames() {}

    static void declare(StatsStore store, int workers) {
        store.scope("").declare(PROCESS);
        store.scope("server.").declare(SERVER);
        for (int i = 0; i < workers; i++) {
            store.scope("server.worker_" + i + ".").declare(WORKER);
            store.scope("thread_local_cluster_manager.worker_" + i + ".")
                    .declare(CLUSTERS_OF_THREAD);
        }
        store.scope("thread_local_cluster_manager.main_thread.").declare(CLUSTERS_OF_THREAD);
        store.scope("listener_manager.").declare(LISTENERS);
        store.scope("cluster_manager.").declare(CLUSTERS);
        store.scope("runtime.").declare(RUNTIME);
        store.scope("http.async-client.").declare(ASYNC_CLIENT);
    }
}
