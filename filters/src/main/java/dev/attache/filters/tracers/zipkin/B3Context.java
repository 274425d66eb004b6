package dev.attache.filters.tracers.zipkin;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * The context of a trace as a request brings it: B3's single header, its several, or W3C's.
 *
 * @param traceIdHigh the first 64 of 128 bits, or 0
 * @param parentId 0 = there is none
 * @param single the trace travels in B3's single header
 */
record B3Context(long traceIdHigh, long traceId, long spanId, long parentId, boolean single) {

    static final HeaderName TRACE_ID = HeaderName.of("x-b3-traceid");
    static final HeaderName SPAN_ID = HeaderName.of("x-b3-spanid");
    static final HeaderName PARENT_SPAN_ID = HeaderName.of("x-b3-parentspanid");
    static final HeaderName SAMPLED = HeaderName.of("x-b3-sampled");
    static final HeaderName B3 = HeaderName.of("b3");

    /** One 64-bit identifier, as text. */
    private static final int DIGITS = 16;

    private static final int LONGEST = 2 * DIGITS + 1 + DIGITS + 3 + DIGITS;

    /** It cannot be read: as in Envoy, nothing is made of it. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super(null, null, false, false);
        }
    }

    /** Whether the request says that it is sampled; null where it says nothing. */
    static @Nullable Boolean sampled(Headers request, boolean w3c) {
        String b3 = request.get(B3);
        if (b3 != null) {
            int at =
                    switch (b3.length()) {
                        case 1 -> 0;
                        case 35, 52 -> 34;
                        case 51, 68 -> 50;
                        default -> -1;
                    };
            return at < 0 ? null : flag(b3.charAt(at));
        }
        String sampled = request.get(SAMPLED);
        if (sampled != null) {
            return sampled.equals("1") || sampled.equals("true");
        }
        TraceParent parent = w3c ? TraceParent.of(request) : null;
        return parent == null ? null : parent.sampled();
    }

    private static @Nullable Boolean flag(char said) {
        return switch (said) {
            case '1', 'd' -> Boolean.TRUE;
            case '0' -> Boolean.FALSE;
            default -> null;
        };
    }

    /**
     * What a request brings, or null.
     *
     * @throws Malformed where that is no context
     */
    static @Nullable B3Context of(Headers request, boolean w3c) throws Malformed {
        String single = request.get(B3);
        if (single != null) {
            return single(single);
        }
        String traceId = request.get(TRACE_ID);
        String spanId = request.get(SPAN_ID);
        if (traceId != null && spanId != null) {
            return several(traceId, spanId, request.getOr(PARENT_SPAN_ID, ""));
        }
        TraceParent parent = w3c ? TraceParent.of(request) : null;
        return parent == null
                ? null
                : new B3Context(
                        number(parent.traceId().substring(0, DIGITS)),
                        number(parent.traceId().substring(DIGITS)),
                        number(parent.spanId()),
                        0,
                        false);
    }

    private static B3Context several(String traceId, String spanId, String parentId)
            throws Malformed {
        boolean is128 = traceId.length() == 2 * DIGITS;
        long high = is128 ? number(traceId.substring(0, DIGITS)) : 0;
        long low = number(is128 ? traceId.substring(DIGITS) : traceId);
        return new B3Context(
                high, low, number(spanId), parentId.isEmpty() ? 0 : number(parentId), false);
    }

    private static @Nullable B3Context single(String text) throws Malformed {
        if (text.length() == 1 && flag(text.charAt(0)) != null) {
            return null;
        }
        if (text.length() < DIGITS + 1 + DIGITS || text.length() > LONGEST) {
            throw new Malformed();
        }
        boolean is128 = text.charAt(Math.min(2 * DIGITS, text.length() - 1)) == '-';
        long high = is128 ? number(text.substring(0, DIGITS)) : 0;
        int at = is128 ? DIGITS : 0;
        long low = number(text.substring(at, at + DIGITS));
        at += DIGITS;
        expect(text, at, '-');
        long span = number(part(text, at + 1));
        at += 1 + DIGITS;
        return new B3Context(high, low, span, parent(text, at), true);
    }

    /** Behind the span: a flag, and perhaps the parent. */
    private static long parent(String text, int behind) throws Malformed {
        if (text.length() == behind) {
            return 0;
        }
        expect(text, behind, '-');
        if (text.length() < behind + 2 || flag(text.charAt(behind + 1)) == null) {
            throw new Malformed();
        }
        int at = behind + 2;
        if (text.length() == at) {
            return 0;
        }
        expect(text, at, '-');
        if (text.length() != at + 1 + DIGITS) {
            throw new Malformed();
        }
        return number(part(text, at + 1));
    }

    private static String part(String text, int at) throws Malformed {
        if (text.length() < at + DIGITS) {
            throw new Malformed();
        }
        return text.substring(at, at + DIGITS);
    }

    private static void expect(String text, int at, char wanted) throws Malformed {
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw new Malformed();
        }
    }

    private static long number(String digits) throws Malformed {
        if (digits.isEmpty() || digits.length() > DIGITS) {
            throw new Malformed();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) > 'f' ? -1 : Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw new Malformed();
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
