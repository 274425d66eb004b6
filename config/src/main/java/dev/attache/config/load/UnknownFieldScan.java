package dev.attache.config.load;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import dev.attache.config.api.NewerApi;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds fields in a message off the wire that this version of the API does not know, also inside
 * Anys, and reports them under the policy.
 */
public final class UnknownFieldScan {
    private final TypeRegistry types;
    private final UnknownFieldPolicy policy;
    private final Diagnostics diagnostics;

    public UnknownFieldScan(
            TypeRegistry types, UnknownFieldPolicy policy, Diagnostics diagnostics) {
        this.types = types;
        this.policy = policy;
        this.diagnostics = diagnostics;
    }

    /**
     * Scans the message and everything below; returns the number of messages with unknown fields.
     */
    public int scan(Message message, String path) {
        if (policy == UnknownFieldPolicy.IGNORE) {
            return 0;
        }
        if (message instanceof Any any) {
            return scanAny(any, path);
        }
        Message view = NewerApi.view(message);
        int found = 0;
        if (!view.getUnknownFields().asMap().isEmpty()) {
            report(view, path);
            found++;
        }
        for (Map.Entry<FieldDescriptor, Object> entry : view.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                found += scanField(field, entry.getValue(), path);
            }
        }
        return found;
    }

    private int scanField(FieldDescriptor field, Object value, String path) {
        String fieldPath = path.isEmpty() ? field.getName() : path + "." + field.getName();
        if (!field.isRepeated()) {
            return scan((Message) value, fieldPath);
        }
        int found = 0;
        int index = 0;
        for (Object item : (List<?>) value) {
            found += scan((Message) item, fieldPath + "[" + index++ + "]");
        }
        return found;
    }

    /**
     * An Any of unknown type is not this class's business: the lookup of its extension rejects it.
     */
    private int scanAny(Any any, String path) {
        Optional<Message> type = types.find(any.getTypeUrl());
        if (type.isEmpty()) {
            return 0;
        }
        try {
            return scan(type.get().getParserForType().parseFrom(any.getValue()), path);
        } catch (InvalidProtocolBufferException e) {
            diagnostics.error(path, "Unable to unpack as " + TypeRegistry.nameOf(any.getTypeUrl()));
            return 0;
        }
    }

    private void report(Message message, String path) {
        StringBuilder numbers = new StringBuilder();
        for (int number : new TreeSet<>(message.getUnknownFields().asMap().keySet())) {
            numbers.append(numbers.isEmpty() ? "" : ", ").append(number);
        }
        String text =
                "Protobuf message (type %s with unknown field set {%s}) has unknown fields"
                        .formatted(message.getDescriptorForType().getFullName(), numbers);
        if (policy == UnknownFieldPolicy.REJECT) {
            diagnostics.error(path, text);
        } else {
            diagnostics.warning(path, text);
        }
    }
}
