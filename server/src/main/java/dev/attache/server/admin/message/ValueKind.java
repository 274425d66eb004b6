package dev.attache.server.admin.message;

import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which kind of value a {@code google.protobuf.Value} is. Pure. */
final class ValueKind {
    private static final int NULL = 1;
    private static final int STRING = 3;
    private static final int STRUCT = 5;
    private static final int LIST = 6;

    private ValueKind() {}

    /** Null where it is of none. */
    static @Nullable WireField of(MessageBytes value) {
        List<WireField> kinds = value.fields();
        return kinds.isEmpty() ? null : kinds.getLast();
    }

    static boolean isNull(WireField kind) {
        return kind.number() == NULL;
    }

    /** Whether nothing of it is left where it must not be shown. */
    static boolean isHidden(WireField kind, boolean sensitive) {
        int number = kind.number();
        return sensitive && number != STRING && number != STRUCT && number != LIST;
    }

    /** Whether it is one that is left out with its key: of no kind, or hidden. */
    static boolean isLeftOut(MessageType type, WireField value, boolean sensitive) {
        if (Form.of(type) != Form.VALUE) {
            return false;
        }
        WireField kind = of(value.message(type));
        return kind == null || isHidden(kind, sensitive);
    }
}
