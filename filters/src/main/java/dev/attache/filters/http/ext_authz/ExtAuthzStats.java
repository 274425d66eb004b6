package dev.attache.filters.http.ext_authz;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.Cluster;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code http.<prefix>.ext_authz.} and, of what is asked about requests to a cluster, {@code
 * cluster.<name>.ext_authz.}, each with the filter's {@code stat_prefix}, of one worker.
 * Loop-confined.
 */
final class ExtAuthzStats {

    /** What is counted. */
    enum Count {
        OK("ok", true),
        DENIED("denied", true),
        ERROR("error", true),
        DISABLED("disabled", false),
        FAILURE_MODE_ALLOWED("failure_mode_allowed", true),
        INVALID("invalid", true),
        IGNORED_DYNAMIC_METADATA("ignored_dynamic_metadata", false),
        FILTER_STATE_NAME_COLLISION("filter_state_name_collision", false),
        OMITTED_RESPONSE_HEADERS("omitted_response_headers", false),
        REQUEST_HEADER_LIMITS_REACHED("request_header_limits_reached", false),
        RESPONSE_HEADER_LIMITS_REACHED("response_header_limits_reached", false),
        SHADOW_DENIED("shadow_denied", false),
        SHADOW_ERROR("shadow_error", false);

        private final String text;
        private final boolean ofCluster;

        Count(String text, boolean ofCluster) {
            this.text = text;
            this.ofCluster = ofCluster;
        }
    }

    private final Map<Count, Cell> cells = new EnumMap<>(Count.class);
    private final String prefix;
    private final int worker;

    ExtAuthzStats(Scope http, String statPrefix, int worker) {
        this.prefix = statPrefix.isEmpty() ? "ext_authz." : "ext_authz." + statPrefix + ".";
        this.worker = worker;
        Scope own = http.scope(prefix);
        for (Count count : Count.values()) {
            cells.put(count, own.counter(count.text).cell(worker));
        }
    }

    void inc(Count count, @Nullable Cluster cluster) {
        Cell cell = cells.get(count);
        if (cell != null) {
            cell.inc();
        }
        if (cluster != null && count.ofCluster) {
            cluster.stats().scope().counter(prefix + count.text).cell(worker).inc();
        }
    }
}
