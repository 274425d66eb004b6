package dev.attache.proxy.pipeline;

import dev.attache.proxy.http.HeaderName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the proxy makes itself. The client sees status, body and headers; {@code details}
 * is for the access log alone.
 *
 * @param status HTTP status; gRPC requests get it translated into trailers-only
 * @param body may be empty; ISO 8859-1
 * @param details Envoy's response code details, stable
 * @param headers added to the response
 * @param grpcStatus instead of the one that follows from {@code status}; -1 = none
 */
public record LocalReply(
        int status, String body, String details, List<Field> headers, int grpcStatus) {

    /** Details where a filter gathers a request that is longer than it may be. */
    public static final String REQUEST_TOO_LARGE = "request_payload_too_large";

    /** The same of a response. */
    public static final String RESPONSE_TOO_LARGE = "response_payload_too_large";

    /** Details where a request is given up for want of resources. */
    public static final String OVERLOAD = "overload";

    /** What the client is told then. */
    public static final String ENVOY_OVERLOADED = "envoy overloaded";

    /** Instead of a response whose status a filter has taken away. */
    public static final LocalReply WITHOUT_STATUS =
            missingHeader(502, "filter_removed_required_response_headers", ":status");

    /** One header of the answer. */
    public record Field(HeaderName name, String value) {}

    public LocalReply {
        headers = List.copyOf(headers);
    }

    public static LocalReply of(int status, @Nullable String body, String details) {
        return new LocalReply(status, body == null ? "" : body, details, List.of(), -1);
    }

    /** The answer where a filter has taken a header away without which there is no message. */
    public static LocalReply missingHeader(int status, String details, String header) {
        return of(
                status,
                "missing required header: " + header,
                details + "{missing_required_header:_" + header + "}");
    }

    public LocalReply with(HeaderName name, String value) {
        List<Field> more = new ArrayList<>(headers);
        more.add(new Field(name, value));
        return new LocalReply(status, body, details, more, grpcStatus);
    }
}
