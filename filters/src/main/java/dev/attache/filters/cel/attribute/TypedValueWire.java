package dev.attache.filters.cel.attribute;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import dev.attache.config.core.MetadataValues;
import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.StructMap;
import dev.attache.filters.cel.value.Times;
import dev.attache.filters.cel.value.Uint;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.TypedMetadata;
import java.nio.charset.StandardCharsets;

/** Messages of {@code google.protobuf} that stand for a value, as that value. Stateless. */
final class TypedValueWire {
    private static final String PACKAGE = "google.protobuf.";

    private TypedValueWire() {}

    /** The value; a fault of any other message, and of octets that are none. */
    static Object value(TypedMetadata typed) {
        String type = typed.typeUrl().substring(typed.typeUrl().lastIndexOf('/') + 1);
        if (!type.startsWith(PACKAGE)) {
            return Fault.FAULT;
        }
        try {
            return value(type.substring(PACKAGE.length()), ByteString.copyFrom(typed.message()));
        } catch (InvalidProtocolBufferException e) {
            return Fault.FAULT; // configuration has been checked: nobody sends one
        }
    }

    private static Object value(String type, ByteString octets)
            throws InvalidProtocolBufferException {
        return switch (type) {
            case "StringValue" -> Octets.of(StringValue.parseFrom(octets).getValue());
            case "BytesValue" ->
                    new Bytes(
                            BytesValue.parseFrom(octets)
                                    .getValue()
                                    .toString(StandardCharsets.ISO_8859_1));
            case "BoolValue" -> BoolValue.parseFrom(octets).getValue();
            case "Int32Value" -> (long) Int32Value.parseFrom(octets).getValue();
            case "Int64Value" -> Int64Value.parseFrom(octets).getValue();
            case "UInt32Value" ->
                    new Uint(Integer.toUnsignedLong(UInt32Value.parseFrom(octets).getValue()));
            case "UInt64Value" -> new Uint(UInt64Value.parseFrom(octets).getValue());
            case "FloatValue" -> (double) FloatValue.parseFrom(octets).getValue();
            case "DoubleValue" -> DoubleValue.parseFrom(octets).getValue();
            case "Duration" -> {
                Duration duration = Duration.parseFrom(octets);
                yield Times.duration(duration.getSeconds(), duration.getNanos());
            }
            case "Timestamp" -> {
                Timestamp time = Timestamp.parseFrom(octets);
                yield Times.instant(time.getSeconds(), time.getNanos());
            }
            case "Struct" -> new StructMap(MetadataValues.compile(Struct.parseFrom(octets)));
            case "Value" -> StructMap.value(MetadataValues.compile(Value.parseFrom(octets)));
            case "ListValue" ->
                    StructMap.value(
                            MetadataValues.compile(
                                    Value.newBuilder()
                                            .setListValue(ListValue.parseFrom(octets))
                                            .build()));
            default -> Fault.FAULT;
        };
    }
}
