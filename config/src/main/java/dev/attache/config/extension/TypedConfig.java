package dev.attache.config.extension;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.attache.api.MessageType;
import dev.attache.config.Compiled;
import dev.attache.config.load.ConfigLoader;
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

    /** The configured message; null with an error if it is none of the wanted type. */
    <P extends Message> @Nullable P read(P prototype, CompileContext context) {
        try {
            if (struct == null) {
                return cast(prototype, prototype.getParserForType().parseFrom(bytes));
            }
            // An extension that wants a Struct wants its settings as they are.
            return prototype instanceof Struct
                    ? cast(prototype, struct)
                    : readStruct(struct, prototype, context);
        } catch (InvalidProtocolBufferException e) {
            context.error("Unable to unpack as " + messageType + ": " + e.getMessage());
            return null;
        }
    }

    /** The wire form of a message without a class; null with an error if there is none. */
    @Nullable ByteString bytes(CompileContext context) {
        if (struct == null) {
            return bytes;
        }
        MessageType type = context.settings().types().message(messageType);
        if (type == null) {
            context.error("Unable to unpack as " + messageType);
            return null;
        }
        return taken(
                loader(context).structBytes(struct, type, context.path(), context.diagnostics()),
                context);
    }

    private static <P extends Message> @Nullable P readStruct(
            Struct struct, P prototype, CompileContext context) {
        return taken(
                loader(context).struct(struct, prototype, context.path(), context.diagnostics()),
                context);
    }

    private static ConfigLoader loader(CompileContext context) {
        CompileSettings settings = context.settings();
        return new ConfigLoader(settings.types(), settings.unheeded().policy());
    }

    private static <V> @Nullable V taken(Compiled<V> read, CompileContext context) {
        read.warnings().forEach(context.diagnostics()::add);
        read.errors().forEach(context.diagnostics()::add);
        return read instanceof Compiled.Ok<V> ok ? ok.value() : null;
    }

    @SuppressWarnings("unchecked") // the prototype's parser makes messages of the prototype's class
    private static <P extends Message> P cast(P prototype, Message message) {
        return (P) prototype.getClass().cast(message);
    }
}
