package dev.attache.proxy.network.http.request;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.TraceReason;
import dev.attache.proxy.worker.WorkerContext;

/**
 * {@code x-request-id} as Envoy's UUID extension keeps it: a version 4 UUID whose 15th character
 * says whether the request is traced ({@code 4}: not).
 */
public final class RequestIdHeader {

    private static final int TRACE_CHARACTER = 14;
    private static final int UUID_LENGTH = 36;
    private static final byte[] HEX =
            "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    private final WorkerContext worker;
    private final byte[] uuid = new byte[UUID_LENGTH];

    public RequestIdHeader(WorkerContext worker) {
        this.worker = worker;
        for (int hyphen : new int[] {8, 13, 18, 23}) {
            uuid[hyphen] = '-';
        }
    }

    /**
     * @param edge the request came from outside, straight to us
     */
    public void apply(RequestIds options, Headers request, boolean edge) {
        if (!options.generate()) {
            return;
        }
        int present = request.indexOf(HeaderName.X_REQUEST_ID);
        if (present >= 0 && edge && options.preserveExternal() && options.packTraceReason()) {
            clearTraceReason(request, present);
            return;
        }
        if (present < 0 || (edge && !options.preserveExternal())) {
            fill();
            request.remove(HeaderName.X_REQUEST_ID);
            request.add(HeaderName.X_REQUEST_ID, uuid, 0, uuid.length);
        }
    }

    private static void clearTraceReason(Headers request, int index) {
        String id = request.value(index);
        if (id.length() == UUID_LENGTH && id.charAt(TRACE_CHARACTER) != '4') {
            request.setValue(
                    index,
                    id.substring(0, TRACE_CHARACTER) + '4' + id.substring(TRACE_CHARACTER + 1));
        }
    }

    /** Envoy's: what the first eight digits of an id say, or -1 where it has none. */
    public static long number(Headers request, int index) {
        if (request.valueLength(index) < 8) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < 8; i++) {
            int digit = Character.digit(request.valueByte(index, i), 16);
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }

    /** What an id says about why its request is traced. */
    public static TraceReason traceReason(Headers request, int index) {
        return request.valueLength(index) == UUID_LENGTH
                ? TraceReason.of((char) request.valueByte(index, TRACE_CHARACTER))
                : TraceReason.NOT_TRACEABLE;
    }

    /** Makes an id say why its request is traced; nothing where it is none of ours. */
    public static void traceReason(Headers request, int index, TraceReason reason) {
        if (request.valueLength(index) == UUID_LENGTH) {
            String id = request.value(index);
            request.setValue(
                    index,
                    id.substring(0, TRACE_CHARACTER)
                            + reason.mark()
                            + id.substring(TRACE_CHARACTER + 1));
        }
    }

    /** RFC 9562 section 5.4: random but for version and variant. */
    private void fill() {
        long high = worker.random() & ~0xf000L | 0x4000;
        long low = worker.random() >>> 2 | 1L << 63;
        digits(high >>> 32, 0, 8);
        digits(high >>> 16, 9, 4);
        digits(high, 14, 4);
        digits(low >>> 48, 19, 4);
        digits(low, 24, 12);
    }

    /** The last {@code count} hexadecimal digits of a number. */
    private void digits(long number, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            uuid[i] = HEX[(int) rest & 15];
            rest >>>= 4;
        }
    }
}
