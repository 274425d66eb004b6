package dev.attache.config.validate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;
import dev.attache.config.api.NewerApi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Checks a message against all constraints of its type and reports each violation at its field
 * path, as Envoy words it: {@code Proto constraint validation failed
 * (ClusterValidationError.ConnectTimeout: value must be greater than 0s)}. Where Envoy stops at the
 * first violation, this reports all of them. Does not look into Anys: their content is checked when
 * an extension takes it. Thread-safe.
 */
public final class ConstraintValidator {
    private final Map<Descriptor, MessageRules> rules = new ConcurrentHashMap<>();

    /** Reports the violations of the message, whose own path is {@code path}. */
    public void validate(Message message, String path, Diagnostics diagnostics) {
        walk(message, FieldPlace.root(path), diagnostics);
    }

    private void walk(Message checked, FieldPlace place, Diagnostics diagnostics) {
        Message message = NewerApi.view(checked);
        Descriptor type = message.getDescriptorForType();
        MessageRules own = rules.computeIfAbsent(type, MessageRules::of);
        if (own.disabled()) {
            return;
        }
        if (!own.fields().isEmpty()) {
            BiConsumer<String, String> violation =
                    (field, reason) -> violation(diagnostics, type, place, field, reason);
            for (MessageRules.FieldRule rule : own.fields()) {
                rule.check(message, violation);
            }
        }
        for (FieldDescriptor field : own.embedded()) {
            descend(message, field, place, diagnostics);
        }
    }

    private void descend(
            Message message, FieldDescriptor field, FieldPlace place, Diagnostics diagnostics) {
        if (field.isMapField()) {
            FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            for (Object entry : (List<?>) message.getField(field)) {
                FieldPlace below = place.item(field, ((Message) entry).getField(key));
                walk((Message) ((Message) entry).getField(value), below, diagnostics);
            }
        } else if (field.isRepeated()) {
            int index = 0;
            for (Object item : (List<?>) message.getField(field)) {
                walk((Message) item, place.item(field, index++), diagnostics);
            }
        } else if (message.hasField(field)) {
            walk((Message) message.getField(field), place.field(field), diagnostics);
        }
    }

    private static void violation(
            Diagnostics diagnostics,
            Descriptor type,
            FieldPlace place,
            String field,
            String reason) {
        String last =
                reason.equals(MessageRules.ONEOF_REQUIRED)
                        ? "field: \"%s\", reason: %s".formatted(field, reason)
                        : "%sValidationError.%s: %s"
                                .formatted(type.getName(), MessageRules.camelCase(field), reason);
        String text = "Proto constraint validation failed (" + chain(place) + last + ")";
        diagnostics.error(place.path(field), text);
    }

    /** From the outermost message in, which field's content does not hold. */
    private static String chain(FieldPlace place) {
        FieldPlace above = place.above();
        FieldDescriptor field = place.field();
        if (above == null || field == null) {
            return "";
        }
        return chain(above)
                + "%sValidationError.%s%s: embedded message failed validation | caused by "
                        .formatted(
                                field.getContainingType().getName(),
                                MessageRules.camelCase(field.getName()),
                                place.suffix());
    }
}
