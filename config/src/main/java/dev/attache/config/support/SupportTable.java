package dev.attache.config.support;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All {@link MessageSupport}s together, by message name. Filled when the registry is built,
 * read-only afterwards. A message type without an entry is honoured as a whole.
 */
public final class SupportTable {
    private static final String REMEDY =
            "remove the field, or see docs/extensions.md for what is supported";

    private final Map<String, MessageSupport> messages = new TreeMap<>();

    /** Adds a declaration; the same type may be declared once only. */
    public void add(MessageSupport support) {
        if (messages.putIfAbsent(support.type().getFullName(), support) != null) {
            throw new IllegalStateException(
                    support.type().getFullName() + " is declared twice in the support table");
        }
    }

    /** Declared messages by full name. */
    public Map<String, MessageSupport> messages() {
        return Map.copyOf(messages);
    }

    /** Reports every set field, here and below, that is not honoured. Anys are not entered. */
    public void check(Message message, String path, Diagnostics diagnostics) {
        MessageSupport support = messages.get(message.getDescriptorForType().getFullName());
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            FieldDescriptor field = set.getKey();
            String fieldPath = path.isEmpty() ? field.getName() : path + "." + field.getName();
            if (support != null && !accepted(support, field, set.getValue())) {
                diagnostics.refuse(
                        fieldPath,
                        "field '%s' of %s cannot be honoured: %s"
                                .formatted(
                                        field.getName(),
                                        support.type().getFullName(),
                                        support.status(field).note()),
                        REMEDY);
            } else {
                descend(field, set.getValue(), fieldPath, diagnostics);
            }
        }
    }

    /** A switch that is explicitly off asks for nothing. */
    private static boolean accepted(MessageSupport support, FieldDescriptor field, Object value) {
        return support.status(field).status() != FieldStatus.REFUSED
                || value instanceof BoolValue bool && !bool.getValue();
    }

    private void descend(FieldDescriptor field, Object value, String path, Diagnostics into) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || field.getMessageType().getFullName().startsWith("google.protobuf.")) {
            return;
        }
        if (field.isMapField()) {
            descendMap(field, (List<?>) value, path, into);
        } else if (field.isRepeated()) {
            int index = 0;
            for (Object item : (List<?>) value) {
                check((Message) item, path + "[" + index++ + "]", into);
            }
        } else {
            check((Message) value, path, into);
        }
    }

    private void descendMap(FieldDescriptor field, List<?> entries, String path, Diagnostics into) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        boolean messages =
                value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && !value.getMessageType().getFullName().startsWith("google.protobuf.");
        if (!messages) {
            return;
        }
        for (Object entry : entries) {
            Message pair = (Message) entry;
            String itemPath = path + "[\"" + pair.getField(key) + "\"]";
            check((Message) pair.getField(value), itemPath, into);
        }
    }
}
