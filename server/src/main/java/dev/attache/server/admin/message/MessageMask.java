package dev.attache.server.admin.message;

import com.google.protobuf.CodedOutputStream;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths of fields to keep of a message, as a {@code google.protobuf.FieldMask} has them. As in
 * Envoy a path names fields as the proto file does, and does not lead through a repeated field.
 * Immutable.
 */
public final class MessageMask {
    private static final String ANY = "google.protobuf.Any";

    private final List<String> paths;

    private MessageMask(List<String> paths) {
        this.paths = paths;
    }

    /** Of a text with commas between paths; null where it names none. */
    public static @Nullable MessageMask of(@Nullable String text) {
        List<String> paths = new ArrayList<>();
        for (String path : text == null ? new String[0] : text.split(",", -1)) {
            if (!path.isEmpty()) {
                paths.add(path);
            }
        }
        return paths.isEmpty() ? null : new MessageMask(List.copyOf(paths));
    }

    /** As protobuf prints it for people. */
    public String text() {
        StringBuilder out = new StringBuilder();
        paths.forEach(path -> out.append("paths: \"").append(path).append("\"\n"));
        return out.toString();
    }

    /** Whether all paths name fields of such a message. */
    public boolean fits(MessageType type) {
        for (String path : paths) {
            if (!fits(path, type)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(String path, MessageType type) {
        MessageType at = type;
        String[] steps = path.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            FieldType field = named(at, steps[i]);
            if (field == null) {
                return false;
            }
            if (i + 1 < steps.length) {
                if (field.isRepeated() || field.kind() != FieldType.Kind.MESSAGE) {
                    return false;
                }
                at = field.message();
            }
        }
        return true;
    }

    /** By the name in the proto file, not by JSON's. */
    private static @Nullable FieldType named(MessageType type, String name) {
        FieldType field = type.field(name);
        return field == null || !field.name().equals(name) ? null : field;
    }

    /** Whether a path names the field itself or leads into it. */
    public boolean names(FieldType field) {
        return byFirstStep().containsKey(field.name());
    }

    /** What of a message the mask names; the paths must fit. */
    public MessageBytes keep(MessageBytes message) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(kept);
        Map<String, MessageMask> steps = byFirstStep();
        try {
            for (WireField field : message.fields()) {
                MessageMask inner = steps.get(field.field().name());
                if (inner != null) {
                    write(out, field, inner.paths.isEmpty() ? null : inner);
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return MessageBytes.of(message.type(), kept.toByteArray());
    }

    private static void write(CodedOutputStream out, WireField value, @Nullable MessageMask inner)
            throws IOException {
        if (inner != null) {
            out.writeByteArray(value.number(), inner.keep(value.message()).bytes());
        } else if (value.isLengthDelimited()) {
            byte[] content = Arrays.copyOfRange(value.bytes(), value.from(), value.to());
            out.writeByteArray(value.number(), content);
        } else {
            out.writeTag(value.number(), value.field().kind().wireType());
            out.writeRawBytes(value.bytes(), value.from(), value.to() - value.from());
        }
    }

    /** What follows each first step; nothing where one path ends there and so keeps it whole. */
    private Map<String, MessageMask> byFirstStep() {
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
        Map<String, MessageMask> masks = new LinkedHashMap<>();
        steps.forEach((first, rest) -> masks.put(first, new MessageMask(List.copyOf(rest))));
        return masks;
    }

    /**
     * The same for one resource of a dump: a path whose first step is an Any leads into what the
     * Any holds, and must.
     */
    public Resource ofResource(MessageType type) {
        List<String> outer = new ArrayList<>();
        List<String> inner = new ArrayList<>();
        FieldType holder = null;
        for (String path : paths) {
            int dot = path.indexOf('.');
            FieldType field = named(type, dot < 0 ? path : path.substring(0, dot));
            if (field != null && isAny(field)) {
                holder = field;
                outer.add(field.name());
                inner.add(dot < 0 ? "" : path.substring(dot + 1));
            } else {
                outer.add(path);
            }
        }
        return new Resource(type, new MessageMask(outer), holder, new MessageMask(inner));
    }

    private static boolean isAny(FieldType field) {
        return !field.isRepeated()
                && field.kind() == FieldType.Kind.MESSAGE
                && field.message().fullName().equals(ANY);
    }

    /** What to keep of the resources in one list of a dump. Immutable. */
    public static final class Resource {
        private static final int TYPE_URL = 1;
        private static final int VALUE = 2;

        private final MessageType type;
        private final MessageMask outer;
        private final @Nullable FieldType holder;
        private final MessageMask inner;

        private Resource(
                MessageType type,
                MessageMask outer,
                @Nullable FieldType holder,
                MessageMask inner) {
            this.type = type;
            this.outer = outer;
            this.holder = holder;
            this.inner = inner;
        }

        /** Whether all paths name fields of that resource. */
        public boolean fits(MessageBytes resource, KnownTypes types) {
            WireField any = holder == null ? null : resource.field(holder.number());
            if (any == null) {
                return outer.fits(type);
            }
            WireField url = any.message().field(TYPE_URL);
            MessageType content = url == null ? null : types.find(url.text());
            return content != null && inner.fits(content) && outer.fits(type);
        }

        /** What of a resource the mask names; it must fit. */
        public MessageBytes keep(MessageBytes resource, KnownTypes types) {
            MessageBytes kept = outer.keep(resource);
            WireField any = holder == null ? null : kept.field(holder.number());
            if (any == null) {
                return kept;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            try {
                for (WireField field : kept.fields()) {
                    if (field.field() == holder) {
                        out.writeByteArray(field.number(), trimmed(any.message(), types));
                    } else {
                        write(out, field, null);
                    }
                }
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot happen in memory", e);
            }
            return MessageBytes.of(resource.type(), bytes.toByteArray());
        }

        private byte[] trimmed(MessageBytes any, KnownTypes types) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            WireField url = any.field(TYPE_URL);
            WireField value = any.field(VALUE);
            MessageType content = url == null ? null : types.find(url.text());
            if (content != null) {
                out.writeString(TYPE_URL, "type.googleapis.com/" + content.fullName());
            }
            if (content != null && value != null && inner.fits(content)) {
                out.writeByteArray(VALUE, inner.keep(value.message(content)).bytes());
            }
            out.flush();
            return bytes.toByteArray();
        }
    }
}
