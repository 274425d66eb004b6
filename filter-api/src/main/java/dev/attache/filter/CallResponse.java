package dev.attache.filter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole answer of a call. Immutable, any thread. */
@Evolving(since = "0.1")
public final class CallResponse {

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    /**
     * @param headers in order, names in lower case
     * @param body not to be changed afterwards
     */
    public CallResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = body;
    }

    /** Of HTTP, whatever it is: also 503 is an answer. Of gRPC: 200. */
    public int status() {
        return status;
    }

    /** In order, without pseudo-headers. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> field : headers) {
            if (field.getKey().equals(lower)) {
                return field.getValue();
            }
        }
        return null;
    }

    /** The body, or the message of gRPC; not to be changed. */
    public byte[] body() {
        return body;
    }
}
