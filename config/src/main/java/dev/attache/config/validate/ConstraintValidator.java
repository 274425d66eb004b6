package dev.attache.config.validate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import dev.attache.config.api.NewerApi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
        walk(message, path, "", diagnostics);
    }

    private void walk(Message checked, String path, String chain, Diagnostics diagnostics) {
        Message message = NewerApi.view(checked);
        Descriptor type = message.getDescriptorForType();
        MessageRules own = rules.computeIfAbsent(type, MessageRules::of);
        if (own.disabled()) {
            return;
        }
        for (MessageRules.FieldRule rule : own.fields()) {
            rule.check(
                    message,
                    (field, reason) -> violation(diagnostics, type, path, chain, field, reason));
        }
        for (FieldDescriptor field : own.embedded()) {
            descend(message, field, path, chain, diagnostics);
        }
    }

    private void descend(
            Message message,
            FieldDescriptor field,
            String path,
            String chain,
            Diagnostics diagnostics) {
        if (field.isMapField()) {
            FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            for (Object entry : (List<?>) message.getField(field)) {
                String suffix = "[" + ((Message) entry).getField(key) + "]";
                Object content = ((Message) entry).getField(value);
                embedded(message, field, suffix, (Message) content, path, chain, diagnostics);
            }
        } else if (field.isRepeated()) {
            int index = 0;
            for (Object item : (List<?>) message.getField(field)) {
                String suffix = "[" + index++ + "]";
                embedded(message, field, suffix, (Message) item, path, chain, diagnostics);
            }
        } else if (message.hasField(field)) {
            Message child = (Message) message.getField(field);
            embedded(message, field, "", child, path, chain, diagnostics);
        }
    }

    private void embedded(
            Message parent,
            FieldDescriptor field,
            String suffix,
            Message child,
            String path,
            String chain,
            Diagnostics diagnostics) {
        String error =
                "%sValidationError.%s%s: embedded message failed validation | caused by "
                        .formatted(
                                parent.getDescriptorForType().getName(),
                                MessageRules.camelCase(field.getName()),
                                suffix);
        walk(child, join(path, field.getName() + suffix), chain + error, diagnostics);
    }

    private static void violation(
            Diagnostics diagnostics,
            Descriptor type,
            String path,
            String chain,
            String field,
            String reason) {
        String last =
                reason.equals(MessageRules.ONEOF_REQUIRED)
                        ? "field: \"%s\", reason: %s".formatted(field, reason)
                        : "%sValidationError.%s: %s"
                                .formatted(type.getName(), MessageRules.camelCase(field), reason);
        String text = "Proto constraint validation failed (" + chain + last + ")";
        diagnostics.error(join(path, field), text);
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
