package dev.attache.mesh;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;

/** Messages of discovery as text, field by field. */
final class DiscoveryText {

    private static final int LONG = 100_000;

    /** {@code google.rpc.Code}: what agents refuse with. */
    private static final int INTERNAL = 13;

    private DiscoveryText() {}

    /**
     * All fields of a message on one line, of one that is long only its size; without the words
     * that an agent itself refuses with, which are nobody's protocol.
     */
    static String of(Message message) {
        if (message.getSerializedSize() > LONG) {
            return "a message of " + message.getSerializedSize() + " bytes";
        }
        return TextFormat.printer()
                .emittingSingleLine(true)
                .printToString(withoutWords(message))
                .strip();
    }

    private static Message withoutWords(Message message) {
        if (message instanceof DiscoveryRequest request
                && request.getErrorDetail().getCode() == INTERNAL) {
            DiscoveryRequest.Builder builder = request.toBuilder();
            builder.getErrorDetailBuilder().clearMessage();
            return builder.build();
        }
        if (message instanceof DeltaDiscoveryRequest request
                && request.getErrorDetail().getCode() == INTERNAL) {
            DeltaDiscoveryRequest.Builder builder = request.toBuilder();
            builder.getErrorDetailBuilder().clearMessage();
            return builder.build();
        }
        return message;
    }
}
