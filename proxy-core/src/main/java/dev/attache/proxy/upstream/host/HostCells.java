package dev.attache.proxy.upstream.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One worker's share of a host's numbers. Only its own worker writes it; anyone may read, a moment
 * late. Plain adds, no atomics: the price is that {@code rq_active} of the whole process is a sum
 * over workers.
 */
public final class HostCells {

    /** Envoy's host stats, in the order in which {@code /clusters} prints them. */
    public enum Stat {
        CX_ACTIVE("cx_active", true),
        CX_CONNECT_FAIL("cx_connect_fail", false),
        CX_TOTAL("cx_total", false),
        RQ_ACTIVE("rq_active", true),
        RQ_ERROR("rq_error", false),
        RQ_PENDING_ACTIVE("rq_pending_active", true),
        RQ_SUCCESS("rq_success", false),
        RQ_TIMEOUT("rq_timeout", false),
        RQ_TOTAL("rq_total", false);

        private final String text;
        private final boolean gauge;

        Stat(String text, boolean gauge) {
            this.text = text;
            this.gauge = gauge;
        }

        public String text() {
            return text;
        }

        public boolean isGauge() {
            return gauge;
        }
    }

    static final int COUNT = Stat.values().length;

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[COUNT];

    HostCells() {}

    public void inc(Stat stat) {
        add(stat, 1);
    }

    public void dec(Stat stat) {
        add(stat, -1);
    }

    private void add(Stat stat, long delta) {
        int i = stat.ordinal();
        ELEMENT.setOpaque(values, i, values[i] + delta);
    }

    public long get(Stat stat) {
        return (long) ELEMENT.getOpaque(values, stat.ordinal());
    }
}
