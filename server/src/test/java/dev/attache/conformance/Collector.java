package dev.attache.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A service that takes entries in batches: what it was sent is shown piece by piece, so that it
 * does not matter which pieces came together. Belongs to one upstream; its streams are those of
 * {@link Intake}.
 */
final class Collector {
    /** What {@code Any} may hold. */
    private static final JsonFormat.TypeRegistry WITHIN =
            JsonFormat.TypeRegistry.newBuilder().add(StringValue.getDescriptor()).build();

    private static final int HEAD = 5;
    private final String type;
    private final List<String> each;
    private final Pattern where;
    private final boolean once;
    private final boolean whole;
    private final Set<String> shown = new HashSet<>();
    private final Upstream upstream;

    /**
     * @param type of the messages
     * @param spec {@code each}: paths to what is shown, each element of a list by itself; {@code
     *     where}: what it must contain; {@code once}: the same is shown once; {@code whole}: a body
     *     is one message, without frames
     */
    Collector(Upstream upstream, String type, Map<String, Object> spec) {
        this.upstream = upstream;
        this.type = type;
        this.each = Tree.strings(spec.get("each"));
        this.where = Pattern.compile(Tree.text(spec.get("where"), ""), Pattern.DOTALL);
        this.once = Tree.flag(spec.get("once"));
        this.whole = Tree.flag(spec.get("whole"));
    }

    /** The body of one request. */
    final class Intake {
        private ByteArrayOutputStream rest = new ByteArrayOutputStream();

        /** The body has ended. */
        void end() {
            if (whole) {
                show(rest.toByteArray());
            }
        }

        /** Bytes of the body. */
        void data(byte[] data) {
            rest.writeBytes(data);
            if (!whole) {
                frames();
            }
        }

        private void frames() {
            ByteBuffer in = ByteBuffer.wrap(rest.toByteArray());
            while (in.remaining() >= HEAD
                    && in.remaining() >= HEAD + in.getInt(in.position() + 1)) {
                in.get();
                byte[] message = new byte[in.getInt()];
                in.get(message);
                show(message);
            }
            rest = new ByteArrayOutputStream();
            rest.write(in.array(), in.position(), in.remaining());
        }
    }

    /** What a request says of itself. */
    synchronized void head(String text) {
        if (!once || shown.add(text)) {
            upstream.record(text);
        }
    }

    /** One message, without frame. */
    synchronized void show(byte[] message) {
        String json;
        try {
            json =
                    JsonFormat.printer()
                            .usingTypeRegistry(WITHIN)
                            .sortingMapKeys()
                            .print(
                                    GrpcMessages.prototype(type)
                                            .getParserForType()
                                            .parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            upstream.record("(no " + type + ": " + e.getMessage() + ")");
            return;
        }
        Object tree = Tree.parse(json);
        for (String path : each) {
            for (Object piece : pieces(tree, path)) {
                String text = upstream.normalised(path + ": " + Tree.json(piece, true));
                if (where.matcher(text).find() && (!once || shown.add(text))) {
                    upstream.record(text);
                }
            }
        }
    }

    private static List<Object> pieces(Object tree, String path) {
        List<Object> found = List.of(tree);
        for (String name : path.split("/", -1)) {
            List<Object> next = new ArrayList<>();
            for (Object holder : found) {
                Object value = Tree.map(holder).get(name);
                if (value instanceof List<?> list) {
                    next.addAll(list);
                } else if (value != null) {
                    next.add(value);
                }
            }
            found = next;
        }
        return found;
    }
}
