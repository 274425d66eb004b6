package dev.attache.proxy.call;

import dev.attache.proxy.http.ResetReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has no response, or no whole one.
 *
 * @param status what the router would have answered with in the upstream's place
 * @param text the same in words
 * @param responseBegan a head had come before
 * @param reset why the stream ended, where {@code kind} is {@link Kind#RESET} or {@link
 *     Kind#OVERFLOW}; otherwise null
 */
public record CallFailure(
        Kind kind, int status, String text, boolean responseBegan, @Nullable ResetReason reset) {

    /** A failure that no reset of a stream brought about. */
    public CallFailure(Kind kind, int status, String text, boolean responseBegan) {
        this(kind, status, text, responseBegan, null);
    }

    /** What went wrong. */
    public enum Kind {
        /** This worker knows no cluster of that name. */
        NO_CLUSTER,
        /** It has no host to send to. */
        NO_HOST,
        /** A circuit breaker of it is open. */
        OVERFLOW,
        TIMEOUT,
        /** No connection, or the stream was cut short. */
        RESET,
        /** The response is longer than wanted, or than the retries of the request allow. */
        TOO_LARGE
    }

    public static CallFailure noCluster(String name) {
        return new CallFailure(Kind.NO_CLUSTER, 503, "unknown cluster '" + name + "'", false);
    }

    /** The worker that was to make the call has ended. */
    static CallFailure noWorker() {
        return new CallFailure(Kind.NO_CLUSTER, 503, "the worker has ended", false);
    }

    public static final CallFailure NO_HOST =
            new CallFailure(Kind.NO_HOST, 503, "no healthy upstream", false);

    public static CallFailure timeout(boolean responseBegan) {
        return new CallFailure(Kind.TIMEOUT, 504, "upstream request timeout", responseBegan);
    }

    public static CallFailure tooLarge(String text, boolean responseBegan) {
        return new CallFailure(Kind.TOO_LARGE, 500, text, responseBegan);
    }

    public static CallFailure reset(ResetReason why, boolean responseBegan) {
        return new CallFailure(
                why == ResetReason.OVERFLOW ? Kind.OVERFLOW : Kind.RESET,
                status(why),
                "upstream connect error or disconnect/reset before headers. reset reason: "
                        + why.text(),
                responseBegan,
                why);
    }

    /**
     * Envoy's response code details.
     *
     * @param transportFailure what the connection failed of, or null
     */
    public String details(@Nullable String transportFailure) {
        return switch (kind) {
            case NO_CLUSTER -> "cluster_not_found";
            case NO_HOST -> "no_healthy_upstream";
            case TIMEOUT -> "upstream_response_timeout";
            case TOO_LARGE -> "response_payload_too_large";
            case OVERFLOW, RESET -> resetDetails(transportFailure);
        };
    }

    private String resetDetails(@Nullable String transportFailure) {
        String why = reset == null ? "" : reset.text().toLowerCase(Locale.ROOT);
        boolean more = transportFailure != null && !transportFailure.isEmpty();
        String reason = more ? why + "|" + transportFailure : why;
        String when = responseBegan ? "after" : "before";
        return ("upstream_reset_" + when + "_response_started{" + reason + "}").replace(' ', '_');
    }

    /** What an attempt that ends so counts as. */
    static int status(ResetReason why) {
        return why == ResetReason.PROTOCOL_ERROR ? 502 : 503;
    }
}
