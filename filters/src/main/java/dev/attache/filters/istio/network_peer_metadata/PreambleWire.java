package dev.attache.filters.istio.network_peer_metadata;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.filters.istio.metadata.WorkloadStructWire;
import dev.attache.proxy.metadata.MetadataValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What goes ahead of the data: a magic number and a length, four bytes each, the least significant
 * one first, and as many bytes of a {@code google.protobuf.Any} with a struct. Stateless.
 */
final class PreambleWire {
    static final int HEAD = 8;
    static final int MAGIC = 0xabcd1234;

    /** Nobody waits for more: so much a connection buffers by default. */
    static final int LONGEST = 1 << 20;

    private static final String STRUCT = "type.googleapis.com/google.protobuf.Struct";

    private PreambleWire() {}

    /**
     * The preamble.
     *
     * @param workload null: nothing is known
     */
    static ByteBuf write(MetadataValue.@Nullable Struct workload) {
        byte[] message =
                workload == null
                        ? new byte[0]
                        : Any.newBuilder()
                                .setTypeUrl(STRUCT)
                                .setValue(ByteString.copyFrom(WorkloadStructWire.write(workload)))
                                .build()
                                .toByteArray();
        return Unpooled.buffer(HEAD + message.length)
                .writeIntLE(MAGIC)
                .writeIntLE(message.length)
                .writeBytes(message);
    }

    /** The struct that stands behind the head; null where there is none. */
    static MetadataValue.@Nullable Struct read(ByteBuf data, int length) {
        byte[] bytes = new byte[length];
        data.getBytes(data.readerIndex() + HEAD, bytes);
        try {
            Any message = Any.parseFrom(bytes);
            return message.getTypeUrl().endsWith("/google.protobuf.Struct")
                    ? WorkloadStructWire.read(message.getValue().toByteArray())
                    : null;
        } catch (InvalidProtocolBufferException e) {
            return null; // then the peer is not known
        }
    }
}
