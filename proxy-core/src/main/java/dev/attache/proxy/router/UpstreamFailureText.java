package dev.attache.proxy.router;

import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.upstream.host.Pick;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Envoy's words and flags for what went wrong upstream. Pure. */
final class UpstreamFailureText {

    /** There is no attempt under way, and another one could not send the whole body. */
    static final LocalReply BODY_NOT_KEPT =
            LocalReply.of(
                    507,
                    "exceeded request buffer limit while retrying upstream",
                    "request_payload_exceeded_retry_buffer_limit");

    private static final LocalReply NO_HOST =
            LocalReply.of(503, "no healthy upstream", "no_healthy_upstream");

    /** Load is shed before a request goes upstream. */
    static final LocalReply OVERLOADED =
            LocalReply.of(503, LocalReply.ENVOY_OVERLOADED, LocalReply.OVERLOAD);

    private UpstreamFailureText() {}

    static LocalReply noHost(int status, Pick instead) {
        String details =
                instead instanceof Pick.Nowhere(String why) && !why.isEmpty()
                        ? why
                        : NO_HOST.details();
        return status == NO_HOST.status() && details.equals(NO_HOST.details())
                ? NO_HOST
                : LocalReply.of(status, NO_HOST.body(), details);
    }

    /** {@code max_stream_duration} is over. */
    static LocalReply tookTooLong(boolean requestWhole) {
        return LocalReply.of(
                requestWhole ? 504 : 408,
                "upstream max stream duration reached",
                "upstream_max_stream_duration_reached");
    }

    static LocalReply timedOut(int status, String details) {
        return LocalReply.of(status, status == 504 ? "upstream request timeout" : "", details);
    }

    static int status(ResetReason why) {
        return why == ResetReason.PROTOCOL_ERROR ? 502 : 503;
    }

    static LocalReply reply(ResetReason why, boolean retried, String details) {
        return LocalReply.of(status(why), body(why, retried), details);
    }

    /**
     * The transport's reason stays in the log: what it says of our certificates is not the peer's.
     */
    static String body(ResetReason why, boolean retried) {
        StringBuilder text =
                new StringBuilder("upstream connect error or disconnect/reset before headers. ");
        text.append(retried ? "retried and the latest reset reason: " : "reset reason: ");
        text.append(why.text());
        return text.toString();
    }

    static String details(boolean started, ResetReason why, @Nullable String transportFailure) {
        String prefix =
                started
                        ? "upstream_reset_after_response_started"
                        : "upstream_reset_before_response_started";
        String reason = why.text().toLowerCase(Locale.ROOT);
        if (transportFailure != null && !transportFailure.isEmpty()) {
            reason += "|" + transportFailure;
        }
        return (prefix + "{" + reason + "}").replace(' ', '_');
    }
}
