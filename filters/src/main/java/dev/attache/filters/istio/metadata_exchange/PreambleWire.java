package dev.attache.filters.istio.metadata_exchange;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.filters.istio.metadata.WorkloadStructWire;
import dev.attache.proxy.metadata.MetadataValue;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each end sends first: a magic number and a length, four bytes each, the most significant one
 * first, and as many bytes of a {@code google.protobuf.Any} with a struct. Stateless.
 */
final class PreambleWire {
    static final int HEAD = 8;
    static final int MAGIC = 0x3D230467;

    /** Nobody waits for more: so much a connection buffers by default. */
    static final int LONGEST = 1 << 20;

    private static final String STRUCT = "type.googleapis.com/google.protobuf.Struct";
    private static final String PEER = "x-envoy-peer-metadata";
    private static final String ID = "x-envoy-peer-metadata-id";

    private PreambleWire() {}

    /**
     * What this end sends.
     *
     * @param workload of the node
     * @param id of the node; empty = it is not told
     */
    static byte[] write(MetadataValue.Struct workload, String id) {
        Map<String, MetadataValue> fields = new HashMap<>();
        fields.put(PEER, workload);
        if (!id.isEmpty()) {
            fields.put(ID, new MetadataValue.Text(id));
        }
        byte[] struct = WorkloadStructWire.write(new MetadataValue.Struct(fields));
        byte[] message =
                Any.newBuilder()
                        .setTypeUrl(STRUCT)
                        .setValue(ByteString.copyFrom(struct))
                        .build()
                        .toByteArray();
        return ByteBuffer.allocate(HEAD + message.length)
                .putInt(MAGIC)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** The struct that the other end has sent behind its head; null where it is none. */
    static MetadataValue.@Nullable Struct read(ByteBuf data, int length) {
        byte[] bytes = new byte[length];
        data.getBytes(data.readerIndex(), bytes);
        try {
            Any message = Any.parseFrom(bytes);
            return message.getTypeUrl().endsWith("/google.protobuf.Struct")
                    ? WorkloadStructWire.read(message.getValue().toByteArray())
                    : null;
        } catch (InvalidProtocolBufferException e) {
            return null; // which the filter counts
        }
    }

    /** The other end's workload, or null where it tells none. */
    static MetadataValue.@Nullable Struct workload(MetadataValue.Struct sent) {
        MetadataValue peer = sent.get(PEER);
        if (peer == null) {
            return null;
        }
        return peer instanceof MetadataValue.Struct struct ? struct : MetadataValue.EMPTY_STRUCT;
    }
}
