package dev.attache.server.restart;

import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with what the process before this one has counted: counters grow by what they have grown
 * there, gauges have the other's value on top of their own until it ends. Of one thread. Source:
 * Envoy's page "Hot restart" and the import modes of its gauges.
 */
final class ParentStats {

    /**
     * Last parts of the names of gauges that tell of one process alone (Envoy's NeverImport, and
     * ours).
     */
    private static final Set<String> NEVER =
            Set.of(
                    "active",
                    "active_clusters",
                    "admin_overrides_active",
                    "budget",
                    "clusters_inflated",
                    "concurrency",
                    "config_reload_time_ms",
                    "connected_state",
                    "days_until_first_cert_expiring",
                    "deprecated_feature_seen_since_process_start",
                    "direct_memory",
                    "direct_memory_max",
                    "expiration_unix_time_seconds",
                    "fips_mode",
                    "heap_max",
                    "held",
                    "hot_restart_epoch",
                    "live",
                    "max_files",
                    "max_host_weight",
                    "membership_degraded",
                    "membership_excluded",
                    "membership_healthy",
                    "membership_total",
                    "non_heap",
                    "num_keys",
                    "num_layers",
                    "open_files",
                    "parent_connections",
                    "pressure",
                    "resident_memory",
                    "scale_percent",
                    "seconds_until_first_ocsp_response_expiring",
                    "state",
                    "threads",
                    "total_connections",
                    "total_filter_chains_draining",
                    "total_listeners_active",
                    "total_listeners_draining",
                    "total_listeners_warming",
                    "total_principals",
                    "update_time",
                    "uptime",
                    "version",
                    "warming_clusters",
                    "warming_state",
                    "workers_pinned",
                    "workers_started");

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final StatsStore store;
    private final Map<String, Gauge> combined = new HashMap<>();
    private long connections;

    ParentStats(StatsStore store) {
        this.store = store;
    }

    /** Takes what {@link StatsTransfer} has printed. */
    void merge(String lines) {
        Map<String, Gauge> own = new HashMap<>();
        store.gauges().forEach(gauge -> own.put(gauge.name(), gauge));
        for (String line : lines.split("\n", -1)) {
            if (!line.isEmpty()) {
                tryMerge(line, own);
            }
        }
    }

    /** One line that is none costs itself, not the start of this process. */
    private void tryMerge(String line, Map<String, Gauge> own) {
        try {
            merge(line, own);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            LOG.warn("a statistic of the parent is passed over: '{}'", line, e);
        }
    }

    private void merge(String line, Map<String, Gauge> own) {
        switch (line.charAt(0)) {
            case 'c' -> {
                String[] parts = line.split(" ", 4);
                store.continueCounter(parts[3], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            }
            case 'g' -> {
                String[] parts = line.split(" ", 3);
                if (own.containsKey(parts[2]) && imported(parts[2])) {
                    Gauge gauge = store.gauge(parts[2]);
                    gauge.inherit(Long.parseLong(parts[1]));
                    combined.put(parts[2], gauge);
                }
            }
            default -> connections = Long.parseLong(line.substring(2));
        }
    }

    private static boolean imported(String name) {
        return !NEVER.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Connections that the other process serves. */
    long connections() {
        return connections;
    }

    /** The other process has ended. */
    void end() {
        connections = 0;
        combined.forEach((name, gauge) -> {
            if (!name.equals(HotRestart.GENERATION)) {
                gauge.inherit(0);
            }
        });
        combined.clear();
    }
}
