package dev.attache.filters.tracers.datadog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The spans of one request in this process: sent together. Owned by them; loop-confined. */
final class DatadogTrace {

    private static final String DECISION = "_dd.p.dm";
    private static final int KEPT = 1;

    /** Not wanted by whoever configured it, as against by chance. */
    private static final int REFUSED = -1;

    final DatadogTracer tracer;
    final DatadogContext context;
    final List<DatadogSpan> spans = new ArrayList<>(2);
    final Map<String, String> tags;

    /** Nobody before has decided, and the request is sampled. */
    final boolean drawnHere;

    private int priority;
    private int open;

    /**
     * @param traced what the connection manager has decided
     */
    DatadogTrace(DatadogTracer tracer, DatadogContext context, boolean traced) {
        this.tracer = tracer;
        this.context = context;
        this.tags = new LinkedHashMap<>(context.tags());
        Integer told = context.priority();
        this.drawnHere = told == null && traced;
        this.priority = told == null ? KEPT : told;
        if (drawnHere) {
            tags.put(DECISION, "-0");
        }
        if (told == null && !traced) {
            refuse();
        }
    }

    /** It is decided here that it is not kept. */
    void refuse() {
        priority = REFUSED;
        tags.remove(DECISION);
    }

    void keep() {
        priority = 2;
        tags.put(DECISION, "-4");
    }

    int priority() {
        return priority;
    }

    void began(DatadogSpan span) {
        spans.add(span);
        open++;
    }

    void ended() {
        if (--open == 0) {
            tracer.report(this);
        }
    }
}
