package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.load.TypeRegistry;
import java.util.Optional;
import udpa.annotations.Sensitive;

/**
 * Takes out of a message what its schema marks as sensitive ({@code udpa.annotations.sensitive}):
 * text becomes {@code [redacted]}, numbers their default. Looks into every Any. A typed Any whose
 * type is not known is left out whole, since nobody can say what is in it.
 */
final class Redaction {

    private static final String MARK = "[redacted]";

    private final TypeRegistry types;

    Redaction(TypeRegistry types) {
        this.types = types;
    }

    Message redact(Message message) {
        return redact(message, false);
    }

    private Message redact(Message message, boolean sensitive) {
        if (message.getDescriptorForType().getFullName().equals("google.protobuf.Any")) {
            return any(message, sensitive);
        }
        Message.Builder copy = message.toBuilder();
        message.getAllFields()
                .forEach((field, value) -> {
                    boolean hide =
                            sensitive || field.getOptions().getExtension(Sensitive.sensitive);
                    if (field.isRepeated()) {
                        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                            copy.setRepeatedField(
                                    field, i, one(field, message.getRepeatedField(field, i), hide));
                        }
                    } else {
                        copy.setField(field, one(field, value, hide));
                    }
                });
        return copy.build();
    }

    private Object one(FieldDescriptor field, Object value, boolean hide) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return redact((Message) value, hide);
        }
        if (!hide) {
            return value;
        }
        return switch (field.getJavaType()) {
            case STRING -> MARK;
            case BYTE_STRING -> ByteString.copyFromUtf8(MARK);
            default -> field.getDefaultValue();
        };
    }

    private Message any(Message message, boolean sensitive) {
        try {
            Any any = Any.parseFrom(message.toByteString());
            Optional<Message> prototype = types.find(any.getTypeUrl());
            if (prototype.isEmpty()) {
                return sensitive ? any.toBuilder().clearValue().build() : any;
            }
            Message inner = prototype.get().newBuilderForType().mergeFrom(any.getValue()).build();
            return any.toBuilder().setValue(redact(inner, sensitive).toByteString()).build();
        } catch (InvalidProtocolBufferException e) {
            return Any.newBuilder().build();
        }
    }
}
