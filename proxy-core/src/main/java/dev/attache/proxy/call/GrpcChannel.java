package dev.attache.proxy.call;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.ImpliedCluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code GrpcService.google_grpc}: a service by its target, reached as gRPC's own library would.
 * Immutable.
 *
 * @param identity of the whole service: those that are equal share a client, which is counted
 * @param target its connections, which all clients of the same target share
 * @param statPrefix its statistics are {@code grpc.<stat_prefix>.}
 * @param secure whether requests say {@code https}
 * @param userAgent what they say of their sender
 * @param authorization what {@code call_credentials} come to, or null
 * @param bufferLimit {@code per_stream_buffer_limit_bytes}
 */
public record GrpcChannel(
        Object identity,
        ImpliedCluster target,
        String statPrefix,
        boolean secure,
        String userAgent,
        @Nullable String authorization,
        long bufferLimit) {

    private static final HeaderName ACCEPTED = HeaderName.of("grpc-accept-encoding");

    private static final String BINARY = "-bin";

    /** Ends a request's head as the library would, which encodes binary values itself. */
    public void complete(Headers head) {
        head.set(HeaderName.SCHEME, secure ? "https" : "http");
        head.set(HeaderName.TE, "trailers");
        head.set(ACCEPTED, "identity");
        head.set(HeaderName.USER_AGENT, userAgent);
        if (authorization != null) {
            head.add(HeaderName.AUTHORIZATION, authorization);
        }
        for (int i = 0; i < head.size(); i++) {
            if (head.name(i).endsWith(BINARY)) {
                byte[] value = head.value(i).getBytes(StandardCharsets.ISO_8859_1);
                head.setValue(i, Base64.getEncoder().withoutPadding().encodeToString(value));
            }
        }
    }
}
