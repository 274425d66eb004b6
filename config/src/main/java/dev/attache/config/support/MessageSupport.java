package dev.attache.config.support;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.attache.config.api.NewerApi;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The fields of one message type by status. A field that is not declared is refused, so forgetting
 * one errs on the side of saying so.
 */
public final class MessageSupport {
    /** A field's status and, where it is not simply honoured, why. */
    public record Entry(FieldStatus status, String note) {}

    private static final Entry UNDECLARED = new Entry(FieldStatus.REFUSED, "not supported");

    private final Descriptor type;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Set<String>> newerValues = new HashMap<>();

    private MessageSupport(Descriptor type) {
        this.type = type;
    }

    public static MessageSupport of(Descriptor type) {
        return new MessageSupport(type);
    }

    /** Every field of the message is honoured. */
    public static MessageSupport whole(Descriptor type) {
        MessageSupport support = new MessageSupport(type);
        for (FieldDescriptor field : type.getFields()) {
            support.honoured(field.getName());
        }
        return support;
    }

    public MessageSupport honoured(String... fields) {
        return declare(new Entry(FieldStatus.HONOURED, ""), fields);
    }

    public MessageSupport noEffect(String why, String... fields) {
        return declare(new Entry(FieldStatus.NO_EFFECT, why), fields);
    }

    public MessageSupport refused(String why, String... fields) {
        return declare(new Entry(FieldStatus.REFUSED, why), fields);
    }

    /** Honours values of an enum field that are newer than the message's class. */
    public MessageSupport newerValues(String field, String... values) {
        newerValues.put(field, Set.of(values));
        return this;
    }

    /** Whether a newer value of an enum field is honoured. */
    boolean honours(FieldDescriptor field, String value) {
        return newerValues.getOrDefault(field.getName(), Set.of()).contains(value);
    }

    public Descriptor type() {
        return type;
    }

    /** Status of a field of this type. */
    public Entry status(FieldDescriptor field) {
        return entries.getOrDefault(field.getName(), UNDECLARED);
    }

    private MessageSupport declare(Entry entry, String... fields) {
        for (String field : fields) {
            if (type.findFieldByName(field) == null && NewerApi.field(type, field) == null) {
                throw new IllegalArgumentException(type.getFullName() + " has no field " + field);
            }
            entries.put(field, entry);
        }
        return this;
    }
}
