package dev.attache.server.admin.message;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at every message within a message, those in Anys and TypedStructs included. Pure. */
public final class MessageSearch {
    private static final int TYPE_URL = 1;

    private MessageSearch() {}

    /** In the order in which they are printed, each before what is inside. */
    public static void in(MessageBytes root, KnownTypes types, Consumer<MessageBytes> seen) {
        Deque<MessageBytes> waiting = new ArrayDeque<>();
        waiting.push(root);
        while (!waiting.isEmpty()) {
            MessageBytes message = waiting.pop();
            List<WireField> fields = message.fields();
            MessageBytes content =
                    switch (Form.of(message.type())) {
                        case ANY -> content(fields, types);
                        case TYPED_STRUCT -> types.spelledOut(message);
                        default -> null;
                    };
            if (content != null) {
                waiting.push(content);
                continue;
            }
            seen.accept(message);
            for (WireField field : fields.reversed()) {
                if (field.field().kind() == FieldType.Kind.MESSAGE) {
                    waiting.push(field.message());
                }
            }
        }
    }

    private static @Nullable MessageBytes content(List<WireField> any, KnownTypes types) {
        WireField url = any.isEmpty() ? null : any.getFirst();
        if (url == null || url.number() != TYPE_URL) {
            return null;
        }
        MessageType type = types.find(url.text());
        if (type == null) {
            return null;
        }
        return any.size() == 1 ? MessageBytes.of(type, new byte[0]) : any.getLast().message(type);
    }
}
