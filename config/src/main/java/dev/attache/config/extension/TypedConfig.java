package dev.attache.config.extension;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.attache.config.load.TypeRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What an Any really configures: its own content or, if it is a TypedStruct (udpa or xds), the
 * message that the struct spells out.
 *
 * @param messageType full name of the configured message
 * @param bytes its wire form, unless {@code struct} is there
 */
record TypedConfig(String messageType, ByteString bytes, @Nullable Struct struct) {
    private static final String XDS_STRUCT = "xds.type.v3.TypedStruct";
    private static final String UDPA_STRUCT = "udpa.type.v1.TypedStruct";

    /** Looks into the Any; null with an error if it cannot be read. */
    static @Nullable TypedConfig open(Any any, CompileContext context) {
        try {
            return open(any);
        } catch (InvalidProtocolBufferException e) {
            context.error("Unable to unpack as " + TypeRegistry.nameOf(any.getTypeUrl()));
            return null;
        }
    }

    /** The configured type; the Any's own type if the Any cannot be read. */
    static String messageType(Any any) {
        try {
            return open(any).messageType();
        } catch (InvalidProtocolBufferException e) {
            return TypeRegistry.nameOf(any.getTypeUrl());
        }
    }

    private static TypedConfig open(Any any) throws InvalidProtocolBufferException {
        String type = TypeRegistry.nameOf(any.getTypeUrl());
        if (type.equals(XDS_STRUCT)) {
            TypedStruct typed = TypedStruct.parseFrom(any.getValue());
            return of(typed.getTypeUrl(), typed.getValue());
        }
        if (type.equals(UDPA_STRUCT)) {
            var typed = com.github.udpa.udpa.type.v1.TypedStruct.parseFrom(any.getValue());
            return of(typed.getTypeUrl(), typed.getValue());
        }
        return new TypedConfig(type, any.getValue(), null);
    }

    private static TypedConfig of(String typeUrl, Struct struct) {
        return new TypedConfig(TypeRegistry.nameOf(typeUrl), ByteString.EMPTY, struct);
    }
}
