package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.Locale;

/**
 * {@code http.<prefix>.ext_proc.} with the filter's {@code stat_prefix}, of one worker.
 * Loop-confined.
 */
final class ExtProcStats {

    /** What is counted, under its name in small letters. */
    enum Count {
        STREAMS_STARTED,
        STREAM_MSGS_SENT,
        STREAM_MSGS_RECEIVED,
        SPURIOUS_MSGS_RECEIVED,
        STREAMS_CLOSED,
        STREAMS_FAILED,
        FAILURE_MODE_ALLOWED,
        MESSAGE_TIMEOUTS,
        REJECTED_HEADER_MUTATIONS,
        OVERRIDE_MESSAGE_TIMEOUT_RECEIVED,
        OVERRIDE_MESSAGE_TIMEOUT_IGNORED,
        CLEAR_ROUTE_CACHE_IGNORED,
        CLEAR_ROUTE_CACHE_DISABLED,
        CLEAR_ROUTE_CACHE_UPSTREAM_IGNORED,
        HTTP_NOT_OK_RESP_RECEIVED,
        IMMEDIATE_RESPONSES_SENT,
        SERVER_HALF_CLOSED
    }

    private final Cell[] cells = new Cell[Count.values().length];

    ExtProcStats(Scope http, String statPrefix, int worker) {
        Scope own = http.scope(statPrefix.isEmpty() ? "ext_proc." : "ext_proc." + statPrefix + ".");
        for (Count count : Count.values()) {
            String name = count.name().toLowerCase(Locale.ROOT);
            cells[count.ordinal()] = own.counter(name).cell(worker);
        }
    }

    void inc(Count count) {
        cells[count.ordinal()].inc();
    }
}
