package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.Unfit;
import dev.attache.filters.http.grpc_json_transcoder.json.WireOut;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What says in JSON how a call failed: {@code google.rpc.Status}. Pure. */
final class StatusBody {
    static final HeaderName DETAILS = HeaderName.of("grpc-status-details-bin");

    private StatusBody() {}

    /** The octets, or null where the status has no JSON. */
    static @Nullable String of(TranscoderSettings settings, long status, Headers trailers) {
        MessageType type = settings.schema().messages().get("google.rpc.Status");
        if (type == null) {
            return null;
        }
        byte[] sent = details(trailers);
        try {
            return settings.printer().print(type, sent != null ? sent : made(status, trailers));
        } catch (Unfit e) {
            return null;
        }
    }

    /** What the server sent; base64, padded or not. */
    private static byte @Nullable [] details(Headers trailers) {
        String text = trailers.getOr(DETAILS, "");
        try {
            byte[] bytes = Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            return bytes.length == 0 ? null : bytes;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] made(long status, Headers trailers) {
        WireOut out = new WireOut();
        out.tag(1, 0);
        out.varint((int) status);
        String message = GrpcStatus.decodeMessage(trailers.getOr(HeaderName.GRPC_MESSAGE, ""));
        if (!message.isEmpty()) {
            out.field(2, message);
        }
        return out.toBytes();
    }
}
