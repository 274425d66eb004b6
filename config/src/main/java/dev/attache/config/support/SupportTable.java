package dev.attache.config.support;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;
import dev.attache.config.api.NewerApi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All {@link MessageSupport}s together, by message name. An extension's are added when it is first
 * named. A message type without an entry is honoured as a whole.
 */
public final class SupportTable {
    private static final String REMEDY =
            "remove the field, or see docs/extensions.md for what is supported";

    private final Map<String, MessageSupport> messages = new ConcurrentHashMap<>();

    /** Adds a declaration; the same type may be declared once only. */
    public void add(MessageSupport support) {
        if (messages.putIfAbsent(support.type().getFullName(), support) != null) {
            throw new IllegalStateException(
                    support.type().getFullName() + " is declared twice in the support table");
        }
    }

    /** Adds a declaration unless the type has one. */
    public void addIfAbsent(MessageSupport support) {
        messages.putIfAbsent(support.type().getFullName(), support);
    }

    /** Declared messages by full name. */
    public Map<String, MessageSupport> messages() {
        return Map.copyOf(messages);
    }

    /** Reports every set field, here and below, that is not honoured. Anys are not entered. */
    public void check(Message checked, String path, Diagnostics diagnostics) {
        check(checked, FieldPlace.root(path), diagnostics);
    }

    private void check(Message checked, FieldPlace place, Diagnostics diagnostics) {
        Message message = NewerApi.view(checked);
        MessageSupport support = messages.get(message.getDescriptorForType().getFullName());
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            FieldDescriptor field = set.getKey();
            String refusal = refusal(support, field, set.getValue());
            if (refusal != null) {
                diagnostics.refuse(
                        place.path(field.getName()),
                        "field '%s' of %s cannot be honoured: %s"
                                .formatted(
                                        field.getName(),
                                        message.getDescriptorForType().getFullName(),
                                        refusal),
                        REMEDY);
            } else {
                descend(field, set.getValue(), place, diagnostics);
            }
        }
    }

    /** Why a field that is set is refused, or null. A switch that is off asks for nothing. */
    private static @Nullable String refusal(
            @Nullable MessageSupport support, FieldDescriptor field, Object value) {
        if (value instanceof BoolValue bool && !bool.getValue()) {
            return null;
        }
        if (support == null) {
            return NewerApi.isAdded(field) ? "not supported" : unreadable(null, field, value);
        }
        return switch (support.status(field).status()) {
            case REFUSED -> support.status(field).note();
            case NO_EFFECT -> null;
            case HONOURED -> unreadable(support, field, value);
        };
    }

    /**
     * A number that is no value of its enum, or one that is not honoured, must not act as another.
     */
    private static @Nullable String unreadable(
            @Nullable MessageSupport support, FieldDescriptor field, Object value) {
        if (field.getJavaType() != FieldDescriptor.JavaType.ENUM) {
            return null;
        }
        for (Object item : field.isRepeated() ? (List<?>) value : List.of(value)) {
            EnumValueDescriptor constant = (EnumValueDescriptor) item;
            if (constant.getIndex() >= 0 && !NewerApi.isAdded(constant)) {
                continue;
            }
            EnumValueDescriptor newer = NewerApi.value(constant.getType(), constant.getNumber());
            if (newer == null) {
                return constant.getNumber() + " is no value of " + constant.getType().getFullName();
            }
            if (support == null || !support.honours(field, newer.getName())) {
                return "its value " + newer.getName() + " is not supported";
            }
        }
        return null;
    }

    private void descend(FieldDescriptor field, Object value, FieldPlace place, Diagnostics into) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || field.getMessageType().getFullName().startsWith("google.protobuf.")) {
            return;
        }
        if (field.isMapField()) {
            descendMap(field, (List<?>) value, place, into);
        } else if (field.isRepeated()) {
            int index = 0;
            for (Object item : (List<?>) value) {
                check((Message) item, place.item(field, index++), into);
            }
        } else {
            check((Message) value, place.field(field), into);
        }
    }

    private void descendMap(
            FieldDescriptor field, List<?> entries, FieldPlace place, Diagnostics into) {
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
            String quoted = "\"" + pair.getField(key) + "\"";
            check((Message) pair.getField(value), place.item(field, quoted), into);
        }
    }
}
