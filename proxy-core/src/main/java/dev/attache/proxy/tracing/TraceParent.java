package dev.attache.proxy.tracing;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The context of a trace as W3C's Trace Context carries it, in {@code traceparent} and {@code
 * tracestate}.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param traceState empty where there is none
 */
public record TraceParent(String traceId, String spanId, boolean sampled, String traceState) {

    private static final int LENGTH = 55;
    private static final int TRACE_ID = 3;
    private static final int SPAN_ID = 36;
    private static final int FLAGS = 53;

    /** Whether a request brings one, well-formed or not. */
    public static boolean isPresent(Headers request) {
        return request.contains(HeaderName.TRACEPARENT);
    }

    /** What a request brings; null where it is not well-formed. */
    public static @Nullable TraceParent of(Headers request) {
        String text = request.getOr(HeaderName.TRACEPARENT, "");
        if (text.length() != LENGTH
                || text.charAt(TRACE_ID - 1) != '-'
                || text.charAt(SPAN_ID - 1) != '-'
                || text.charAt(FLAGS - 1) != '-') {
            return null;
        }
        String traceId = text.substring(TRACE_ID, SPAN_ID - 1);
        String spanId = text.substring(SPAN_ID, FLAGS - 1);
        String flags = text.substring(FLAGS);
        if (!TraceIds.isHex(text.substring(0, TRACE_ID - 1))
                || !TraceIds.isHex(traceId)
                || !TraceIds.isHex(spanId)
                || !TraceIds.isHex(flags)
                || TraceIds.isZero(traceId)
                || TraceIds.isZero(spanId)) {
            return null;
        }
        boolean sampled = (Integer.parseInt(flags, 16) & 1) != 0;
        return new TraceParent(traceId, spanId, sampled, state(request));
    }

    /** All fields of {@code tracestate} as one. */
    private static String state(Headers request) {
        List<String> values = new ArrayList<>(1);
        int at = request.indexOf(HeaderName.TRACESTATE);
        while (at >= 0) {
            values.add(request.value(at));
            at = request.indexOf(HeaderName.TRACESTATE, at + 1);
        }
        return String.join(",", values);
    }

    /** As it stands in {@code traceparent}. */
    public static String text(String traceId, String spanId, boolean sampled) {
        return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
    }
}
