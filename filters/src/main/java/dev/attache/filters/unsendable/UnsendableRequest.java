package dev.attache.filters.unsendable;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.stream.ResponseFlag;
import org.jspecify.annotations.Nullable;

/** A request with a header that no message may carry: not sent, as if the router refused it. */
public final class UnsendableRequest {

    private static final int SERVICE_UNAVAILABLE = 503;

    private UnsendableRequest() {}

    /**
     * What is the matter with a header that was set or added, as Envoy's router says it; null =
     * nothing, or the request does not have it.
     *
     * @param name as it was given
     * @param key where it stands
     */
    public static @Nullable String problem(String name, HeaderName key, Headers request) {
        for (int i = request.indexOf(key); i >= 0; i = request.indexOf(key, i + 1)) {
            if (!HeaderName.isValid(name)) {
                return "invalid header name: " + shown(name);
            }
            if (!isValidValue(request.value(i))) {
                return "invalid header value for: " + key;
            }
        }
        return null;
    }

    /** Answers in the upstream's place. */
    public static void refuse(String problem, FilterContext context) {
        context.info().flag(ResponseFlag.DPE);
        context.info().attemptCount = 1;
        String details =
                "filter_removed_required_request_headers{" + problem.replace(' ', '_') + "}";
        context.respond(LocalReply.of(SERVICE_UNAVAILABLE, problem, details));
    }

    /** Whether a header can have this value: no control characters. */
    public static boolean isValidValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** The name for a message to people: controls as escapes. */
    private static String shown(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c >= 0x7f) {
                        out.append("\\x").append(Character.forDigit(c >> 4 & 15, 16));
                        out.append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
