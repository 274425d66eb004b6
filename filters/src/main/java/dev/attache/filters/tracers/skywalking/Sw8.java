package dev.attache.filters.tracers.skywalking;

import dev.attache.proxy.http.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * SkyWalking's context as a request carries it in {@code sw8}, version 3.
 *
 * @param spanId of the span that called, within its segment
 * @param endpoint of the caller
 * @param address that the caller used
 */
record Sw8(
        boolean sampled,
        String traceId,
        String segmentId,
        int spanId,
        String service,
        String instance,
        String endpoint,
        String address) {

    static final HeaderName HEADER = HeaderName.of("sw8");

    private static final int PARTS = 8;

    /** Null where the text is no such context. */
    static @Nullable Sw8 parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != PARTS || !(parts[0].equals("0") || parts[0].equals("1"))) {
            return null;
        }
        try {
            return new Sw8(
                    parts[0].equals("1"),
                    decoded(parts[1]),
                    decoded(parts[2]),
                    Integer.parseInt(parts[3]),
                    decoded(parts[4]),
                    decoded(parts[5]),
                    decoded(parts[6]),
                    decoded(parts[7]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getDecoder().decode(part), StandardCharsets.ISO_8859_1);
    }

    String text() {
        return (sampled ? "1-" : "0-")
                + encoded(traceId)
                + '-'
                + encoded(segmentId)
                + '-'
                + spanId
                + '-'
                + encoded(service)
                + '-'
                + encoded(instance)
                + '-'
                + encoded(endpoint)
                + '-'
                + encoded(address);
    }

    private static String encoded(String part) {
        return Base64.getEncoder().encodeToString(part.getBytes(StandardCharsets.ISO_8859_1));
    }
}
