package dev.attache.config.support;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.api.Support;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one message type by status, as an extension that comes in a user's jar declares
 * them. A field that is not declared is refused, so forgetting one errs on the side of saying so.
 */
public final class MessageSupport {
    /** Of a field that is not declared in a message that is. */
    public static final Support UNDECLARED = new Support(Support.Status.REFUSED, "not supported");

    private final Descriptor type;
    private final Map<String, Support> entries = new HashMap<>();

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
        return declare(new Support(Support.Status.HONOURED, ""), fields);
    }

    public MessageSupport noEffect(String why, String... fields) {
        return declare(new Support(Support.Status.NO_EFFECT, why), fields);
    }

    public MessageSupport refused(String why, String... fields) {
        return declare(new Support(Support.Status.REFUSED, why), fields);
    }

    /** Full name of the message. */
    public String messageType() {
        return type.getFullName();
    }

    /** The names of all fields of the message. */
    public List<String> fields() {
        List<String> names = new ArrayList<>();
        type.getFields().forEach(field -> names.add(field.getName()));
        return names;
    }

    /** Status of a field of this type. */
    public Support status(String field) {
        return entries.getOrDefault(field, UNDECLARED);
    }

    private MessageSupport declare(Support entry, String... fields) {
        MessageType known = ApiTable.message(type.getFullName());
        for (String field : fields) {
            boolean newer = known != null && known.field(field) != null;
            if (type.findFieldByName(field) == null && !newer) {
                throw new IllegalArgumentException(type.getFullName() + " has no field " + field);
            }
            entries.put(field, entry);
        }
        return this;
    }
}
