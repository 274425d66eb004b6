package dev.attache.config.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields and enum values of Envoy 1.40's API that the message classes in use do not have. They
 * travel in a message as unknown fields and numbers; here they get their names and types back, by
 * the additions that {@code newer-api.pb_text} lists. Nothing is loaded before a configuration
 * holds something that the classes do not know. Only for readers and printers, which work by
 * descriptors; compilers read them by {@link dev.attache.api.Overlay}. Safe for use from several
 * threads.
 */
public final class NewerApi {
    private NewerApi() {}

    /** The added field of a type by its name, in either spelling, or null. */
    public static @Nullable FieldDescriptor field(Descriptor type, String name) {
        for (FieldDescriptor field : added(type)) {
            if (field.getName().equals(name) || field.getJsonName().equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** Whether a field of a {@linkplain #view view} was added to a type that there was before. */
    public static boolean isAdded(FieldDescriptor field) {
        return NewerFiles.isAdded(field.getFullName());
    }

    /** Whether an enum value was added to an enum that there was before. */
    public static boolean isAdded(EnumValueDescriptor value) {
        return NewerFiles.isAdded(value.getFullName());
    }

    /** The fields that were added to a type. */
    public static List<FieldDescriptor> added(Descriptor type) {
        Descriptor newer = NewerFiles.message(type);
        return newer == null
                ? List.of()
                : newer.getFields().stream().filter(NewerApi::isAdded).toList();
    }

    /** The added value of an enum by its name in any case, or null. */
    public static @Nullable EnumValueDescriptor value(EnumDescriptor type, String name) {
        EnumDescriptor newer = NewerFiles.enumeration(type);
        if (newer == null) {
            return null;
        }
        for (EnumValueDescriptor value : newer.getValues()) {
            if (value.getName().equalsIgnoreCase(name)) {
                return value;
            }
        }
        return null;
    }

    /** The value of an enum by its number, of the class or added; null if there is none. */
    public static @Nullable EnumValueDescriptor value(EnumDescriptor type, int number) {
        EnumValueDescriptor known = type.findValueByNumber(number);
        EnumDescriptor newer = known == null ? NewerFiles.enumeration(type) : null;
        return newer == null ? known : newer.findValueByNumber(number);
    }

    /**
     * The message with its added fields as fields; the message itself where there is nothing that
     * its class does not know.
     */
    public static Message view(Message message) {
        if (message.getUnknownFields().asMap().isEmpty()) {
            return message;
        }
        Descriptor newer = NewerFiles.message(message.getDescriptorForType());
        if (newer == null) {
            return message;
        }
        try {
            return DynamicMessage.parseFrom(newer, message.toByteString());
        } catch (InvalidProtocolBufferException e) {
            // The bytes of a field are no such message: to Envoy's parser they are none either.
            throw new IllegalArgumentException(
                    "Unable to unpack as " + newer.getFullName() + ": " + e.getMessage(), e);
        }
    }

    /** A message type that the classes do not have at all, by its full name, or null. */
    public static @Nullable Message prototype(String fullName) {
        Descriptor type = NewerFiles.added(fullName);
        return type == null ? null : DynamicMessage.getDefaultInstance(type);
    }
}
