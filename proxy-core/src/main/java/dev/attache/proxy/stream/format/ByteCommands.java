package dev.attache.proxy.stream.format;

import dev.attache.proxy.stream.UpstreamInfo;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Byte counts: bodies, and what crossed the wire on each side. */
final class ByteCommands {

    private ByteCommands() {}

    static FormatCommand.@Nullable Numeric create(
            String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "BYTES_RECEIVED" -> c -> c.info().bytesReceived;
            case "BYTES_SENT" -> c -> c.info().bytesSent;
            // Only QUIC tells these.
            case "BYTES_RETRANSMITTED", "PACKETS_RETRANSMITTED", "DOWNSTREAM_CX_RTT" -> c -> 0;
            case "DOWNSTREAM_WIRE_BYTES_RECEIVED" -> c -> c.info().downstreamWireBytesReceived;
            case "DOWNSTREAM_WIRE_BYTES_SENT" -> c -> c.info().downstreamWireBytesSent;
            case "DOWNSTREAM_HEADER_BYTES_RECEIVED",
                    "DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED" ->
                    c -> c.info().downstreamHeaderBytesReceived;
            case "DOWNSTREAM_HEADER_BYTES_SENT", "DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT" ->
                    c -> c.info().downstreamHeaderBytesSent;
            case "UPSTREAM_WIRE_BYTES_RECEIVED" -> c -> upstream(c, u -> u.wireBytesReceived);
            case "UPSTREAM_WIRE_BYTES_SENT" -> c -> upstream(c, u -> u.wireBytesSent);
            case "UPSTREAM_HEADER_BYTES_RECEIVED", "UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED" ->
                    c -> upstream(c, u -> u.headerBytesReceived);
            case "UPSTREAM_HEADER_BYTES_SENT", "UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT" ->
                    c -> upstream(c, u -> u.headerBytesSent);
            default -> null;
        };
    }

    private static long upstream(FormatContext context, ToLongFunction<UpstreamInfo> field) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? 0 : field.applyAsLong(upstream);
    }
}
