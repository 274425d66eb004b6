package dev.attache.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Types made from descriptors: all of them when the build makes the table, and those of a user's
 * classes when one is used. Safe for use from several threads.
 */
public final class DescriptorTypes {
    /** The types that the fields of one message refer to, by the index of the field. */
    private final class Referred implements TypeSource {
        private final Descriptor holder;

        Referred(Descriptor holder) {
            this.holder = holder;
        }

        @Override
        public MessageType message(int id) {
            return DescriptorTypes.this.message(holder.getFields().get(id).getMessageType());
        }

        @Override
        public EnumType enumeration(int id) {
            return DescriptorTypes.this.enumeration(holder.getFields().get(id).getEnumType());
        }
    }

    private final Function<String, @Nullable MessageType> known;
    private final Map<Descriptor, MessageType> messages = new ConcurrentHashMap<>();
    private final Map<EnumDescriptor, EnumType> enums = new ConcurrentHashMap<>();

    /**
     * @param known types that need not be made, by full name; null for others
     */
    public DescriptorTypes(Function<String, @Nullable MessageType> known) {
        this.known = known;
    }

    /** The type that a descriptor describes; the same object whenever it is asked for. */
    public MessageType message(Descriptor descriptor) {
        MessageType type = known.apply(descriptor.getFullName());
        return type != null ? type : messages.computeIfAbsent(descriptor, this::make);
    }

    /** The enum that a descriptor describes; the same object whenever it is asked for. */
    public EnumType enumeration(EnumDescriptor descriptor) {
        return enums.computeIfAbsent(descriptor, DescriptorTypes::make);
    }

    private static EnumType make(EnumDescriptor descriptor) {
        List<EnumValueDescriptor> values = descriptor.getValues();
        EnumType type =
                new EnumType(
                        descriptor.getFullName(), descriptor.getFile().getName(), values.size());
        for (EnumValueDescriptor value : values) {
            int flags = value.getOptions().getDeprecated() ? EnumValue.DEPRECATED : 0;
            if (OptionReader.flag(value.getOptions(), OptionReader.DISALLOWED_VALUE)) {
                flags |= EnumValue.DISALLOWED;
            }
            type.add(value.getName(), value.getNumber(), flags);
        }
        return type;
    }

    private MessageType make(Descriptor descriptor) {
        int flags = descriptor.getOptions().getMapEntry() ? MessageType.MAP_ENTRY : 0;
        if (OptionReader.flag(descriptor.getOptions(), OptionReader.DISABLED)
                || OptionReader.flag(descriptor.getOptions(), OptionReader.IGNORED)) {
            flags |= MessageType.UNCHECKED;
        }
        List<OneofDescriptor> real = descriptor.getRealOneofs();
        List<OneofType> oneofs = new ArrayList<>(real.size());
        for (OneofDescriptor oneof : real) {
            boolean required = OptionReader.flag(oneof.getOptions(), OptionReader.VALIDATE);
            oneofs.add(new OneofType(oneof.getName(), required));
        }
        MessageType type =
                new MessageType(
                        descriptor.getFullName(),
                        descriptor.getFile().getName(),
                        JavaNames.className(descriptor),
                        flags,
                        oneofs,
                        descriptor.getFields().size());
        TypeSource source = new Referred(descriptor);
        for (FieldDescriptor field : descriptor.getFields()) {
            type.add(source, shape(field, real));
        }
        return type.complete();
    }

    private static FieldType.Shape shape(FieldDescriptor field, List<OneofDescriptor> oneofs) {
        OneofDescriptor oneof = field.getRealContainingOneof();
        boolean typed =
                field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        || field.getJavaType() == FieldDescriptor.JavaType.ENUM;
        return new FieldType.Shape(
                field.getNumber(),
                field.getName(),
                field.getJsonName(),
                flags(field),
                oneof == null ? FieldType.Shape.NO_ONEOF : oneofs.indexOf(oneof),
                typed ? field.getIndex() : FieldType.Shape.NO_TYPE,
                OptionReader.bytes(field.getOptions(), OptionReader.VALIDATE),
                null);
    }

    private static int flags(FieldDescriptor field) {
        return FieldType.Kind.valueOf(field.getType().name()).ordinal()
                | (field.isRepeated() ? FieldType.REPEATED : 0)
                | (field.isMapField() ? FieldType.MAP : 0)
                | (field.isPacked() ? FieldType.PACKED : 0)
                | (field.hasPresence() ? FieldType.PRESENCE : 0)
                | (field.getOptions().getDeprecated() ? FieldType.DEPRECATED : 0)
                | (OptionReader.flag(field.getOptions(), OptionReader.DISALLOWED)
                        ? FieldType.DISALLOWED
                        : 0)
                | (OptionReader.flag(field.getOptions(), OptionReader.SENSITIVE)
                        ? FieldType.SENSITIVE
                        : 0)
                | (isDefaultDeprecated(field) ? FieldType.DEFAULT_DEPRECATED : 0);
    }

    private static boolean isDefaultDeprecated(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.ENUM
                && !field.isRepeated()
                && ((EnumValueDescriptor) field.getDefaultValue()).getOptions().getDeprecated();
    }
}
