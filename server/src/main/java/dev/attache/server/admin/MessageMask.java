package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.load.TypeRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mask} of {@code /config_dump}: comma-separated paths of fields to keep. As in Envoy, a
 * path does not lead through a repeated field, and through an Any only at the first step of a
 * resource. Immutable.
 */
final class MessageMask {

    private final List<String> paths;
    private final TypeRegistry types;

    MessageMask(String text, TypeRegistry types) {
        this(List.of(text.split(",", -1)).stream().map(String::strip).toList(), types);
    }

    private MessageMask(List<String> paths, TypeRegistry types) {
        this.paths = paths;
        this.types = types;
    }

    /** As Envoy prints it in its complaint. */
    String text() {
        StringBuilder out = new StringBuilder();
        paths.forEach(path -> out.append("paths: \"").append(path).append("\"\n"));
        return out.toString();
    }

    /** Keeps what the mask names; null where a path does not fit the message. */
    @Nullable Message trim(Message message) {
        for (String path : paths) {
            if (!fits(path, message.getDescriptorForType())) {
                return null;
            }
        }
        return keep(message);
    }

    private static boolean fits(String path, Descriptor descriptor) {
        Descriptor at = descriptor;
        String[] steps = path.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            FieldDescriptor field = at.findFieldByName(steps[i]);
            if (field == null) {
                return false;
            }
            if (i + 1 < steps.length) {
                if (field.isRepeated() || field.getJavaType() != JavaType.MESSAGE) {
                    return false;
                }
                at = field.getMessageType();
            }
        }
        return true;
    }

    private Message keep(Message message) {
        Message.Builder kept = message.newBuilderForType();
        byFirstStep()
                .forEach((name, inner) -> {
                    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
                    if (field.isRepeated()) {
                        kept.setField(field, message.getField(field));
                    } else if (message.hasField(field)) {
                        Object value = message.getField(field);
                        kept.setField(
                                field,
                                inner.isEmpty()
                                        ? value
                                        : new MessageMask(inner, types).keep((Message) value));
                    }
                });
        return kept.build();
    }

    /** What follows each first step; nothing where one path ends there and so keeps it whole. */
    private Map<String, List<String>> byFirstStep() {
        Map<String, List<String>> steps = new LinkedHashMap<>();
        for (String path : paths) {
            int dot = path.indexOf('.');
            String first = dot < 0 ? path : path.substring(0, dot);
            List<String> known = steps.get(first);
            if (dot < 0) {
                steps.put(first, List.of());
            } else if (known == null) {
                steps.put(first, new ArrayList<>(List.of(path.substring(dot + 1))));
            } else if (!known.isEmpty()) {
                known.add(path.substring(dot + 1));
            }
        }
        return steps;
    }

    /** Like {@link #trim}, for one resource of a dump: paths may begin with a field of type Any. */
    @Nullable Message trimResource(Message resource) {
        Message.Builder kept = resource.newBuilderForType();
        for (Map.Entry<String, List<String>> step : byFirstStep().entrySet()) {
            FieldDescriptor field = resource.getDescriptorForType().findFieldByName(step.getKey());
            if (field == null) {
                return null;
            }
            List<String> inner = step.getValue();
            boolean any =
                    field.getJavaType() == JavaType.MESSAGE
                            && field.getMessageType().getFullName().equals("google.protobuf.Any");
            if (any && !field.isRepeated() && !inner.isEmpty()) {
                Any part = insideAny((Any) resource.getField(field), inner);
                if (part == null) {
                    return null;
                }
                if (resource.hasField(field)) {
                    kept.setField(field, part);
                }
                continue;
            }
            List<String> whole =
                    inner.isEmpty()
                            ? List.of(step.getKey())
                            : inner.stream().map(rest -> step.getKey() + "." + rest).toList();
            Message part = new MessageMask(whole, types).trim(resource);
            if (part == null) {
                return null;
            }
            kept.mergeFrom(part);
        }
        return kept.build();
    }

    private @Nullable Any insideAny(Any any, List<String> inner) {
        Optional<Message> prototype = types.find(any.getTypeUrl());
        if (prototype.isEmpty()) {
            return any.getTypeUrl().isEmpty() ? any : null;
        }
        try {
            Message message = prototype.get().newBuilderForType().mergeFrom(any.getValue()).build();
            Message part = new MessageMask(inner, types).trim(message);
            return part == null ? null : Any.pack(part, "type.googleapis.com");
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
