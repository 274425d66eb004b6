package dev.attache.filters.istio.metadata;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.core.MetadataValues;
import dev.attache.proxy.metadata.MetadataValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Structs of workloads as bytes of {@code google.protobuf.Struct}. Stateless. */
public final class WorkloadStructWire {
    private WorkloadStructWire() {}

    /** What bytes of a peer are; null where they are no struct. */
    public static MetadataValue.@Nullable Struct read(byte[] bytes) {
        try {
            return MetadataValues.compile(Struct.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** As {@link #read(byte[])}, of octets. */
    public static MetadataValue.@Nullable Struct read(String octets) {
        return read(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The struct with its fields in the order of their names. */
    public static byte[] write(MetadataValue.Struct struct) {
        return bytes(message(struct));
    }

    /** As {@link #write}, each byte a character. */
    static String octets(MetadataValue.Struct struct) {
        return new String(write(struct), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Struct struct) {
        byte[] bytes = new byte[struct.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            struct.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of an array of the right size there is none
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    private static Struct message(MetadataValue.Struct struct) {
        Struct.Builder message = Struct.newBuilder();
        struct.fields().forEach((name, value) -> message.putFields(name, value(value)));
        return message.build();
    }

    /** Workloads consist of text and structs of it. */
    private static Value value(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text text -> Value.newBuilder().setStringValue(text.value()).build();
            case MetadataValue.Struct struct ->
                    Value.newBuilder().setStructValue(message(struct)).build();
            default -> throw new IllegalArgumentException("not of a workload: " + value);
        };
    }
}
