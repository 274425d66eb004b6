package dev.attache.filters.tracers.datadog;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.tracing.TraceParent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request tells of its trace, in Datadog's headers or W3C's.
 *
 * @param traceIdHigh the first 64 of 128 bits, or 0
 * @param parentId the span that called
 * @param priority Datadog's sampling priority; null where it is not told
 * @param origin who began the trace; empty where it is not told
 * @param tags those that go on, {@code _dd.p.…}
 * @param otherState what others say in {@code tracestate}
 * @param lastDatadog the last span of Datadog's before the caller, from W3C's headers; else null
 */
record DatadogContext(
        long traceIdHigh,
        long traceId,
        long parentId,
        @Nullable Integer priority,
        String origin,
        Map<String, String> tags,
        String otherState,
        @Nullable String lastDatadog) {

    static final HeaderName TRACE_ID = HeaderName.of("x-datadog-trace-id");
    static final HeaderName PARENT_ID = HeaderName.of("x-datadog-parent-id");
    static final HeaderName PRIORITY = HeaderName.of("x-datadog-sampling-priority");
    static final HeaderName ORIGIN = HeaderName.of("x-datadog-origin");
    static final HeaderName TAGS = HeaderName.of("x-datadog-tags");

    /** The first 64 bits of a trace's identifier. */
    static final String HIGH = "_dd.p.tid";

    private static final String PROPAGATED = "_dd.p.";
    private static final String NO_SPAN = "0000000000000000";
    private static final int HALF = 16;

    /** Null where the request tells of no trace, or not well. */
    static @Nullable DatadogContext of(Headers request) {
        if (request.contains(TRACE_ID)) {
            return ofDatadog(request);
        }
        TraceParent parent = TraceParent.of(request);
        return parent == null ? null : ofParent(parent);
    }

    private static @Nullable DatadogContext ofDatadog(Headers request) {
        Long traceId = decimal(request.getOr(TRACE_ID, ""));
        Long parentId = decimal(request.getOr(PARENT_ID, ""));
        if (traceId == null || traceId == 0 || parentId == null) {
            return null;
        }
        Map<String, String> tags = tags(request.getOr(TAGS, ""));
        String high = tags.getOrDefault(HIGH, "");
        boolean whole = high.length() == HALF && TraceIds.isHex(high);
        return new DatadogContext(
                whole ? Long.parseUnsignedLong(high, 16) : 0,
                traceId,
                parentId,
                priority(request.getOr(PRIORITY, "")),
                request.getOr(ORIGIN, ""),
                tags,
                "",
                null);
    }

    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.startsWith(PROPAGATED)) {
                tags.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return tags;
    }

    private static DatadogContext ofParent(TraceParent parent) {
        StringBuilder others = new StringBuilder();
        String own = "";
        for (String member : parent.traceState().split(",", -1)) {
            String stripped = member.strip();
            if (stripped.startsWith("dd=")) {
                own = stripped.substring("dd=".length());
            } else if (!stripped.isEmpty()) {
                others.append(others.isEmpty() ? "" : ",").append(stripped);
            }
        }
        Integer priority = null;
        String origin = "";
        String last = NO_SPAN;
        Map<String, String> tags = new LinkedHashMap<>();
        for (String part : own.split(";", -1)) {
            int colon = part.indexOf(':');
            String value = part.substring(colon + 1);
            if (part.startsWith("s:")) {
                priority = priority(value);
            } else if (part.startsWith("o:")) {
                origin = value.replace('~', '=');
            } else if (part.startsWith("p:")) {
                last = value;
            } else if (part.startsWith("t.") && colon > 2) {
                tags.put(PROPAGATED + part.substring(2, colon), value.replace('~', '='));
            }
        }
        long high = Long.parseUnsignedLong(parent.traceId(), 0, HALF, 16);
        if (high != 0) {
            tags.put(HIGH, TraceIds.hex(high));
        }
        boolean agrees = priority != null && priority > 0 == parent.sampled();
        return new DatadogContext(
                high,
                Long.parseUnsignedLong(parent.traceId(), HALF, 2 * HALF, 16),
                Long.parseUnsignedLong(parent.spanId(), 16),
                agrees ? priority : Integer.valueOf(parent.sampled() ? 1 : 0),
                origin,
                tags,
                others.toString(),
                last);
    }

    private static @Nullable Long decimal(String text) {
        try {
            return text.isEmpty() || text.charAt(0) == '+' ? null : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Integer priority(String text) {
        try {
            return text.isEmpty() ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
