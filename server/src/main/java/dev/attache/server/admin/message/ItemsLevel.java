package dev.attache.server.admin.message;

import com.google.protobuf.CodedInputStream;
import dev.attache.api.FieldType;
import dev.attache.server.admin.message.wire.WireField;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a repeated field. */
final class ItemsLevel extends Level {
    private final List<WireField> values;
    private final boolean sensitive;
    private int at;
    private @Nullable CodedInputStream packed;

    /**
     * @param values of one field; one without any stands for none
     */
    ItemsLevel(MessagePrinter printer, List<WireField> values, boolean sensitive) {
        super(printer, "[]");
        this.values = values.size() == 1 && values.getFirst().isUnset() ? List.of() : values;
        this.sensitive = sensitive;
    }

    @Override
    boolean step() {
        if (packed != null) {
            if (nextPacked(packed)) {
                return true;
            }
            packed = null;
            at++;
        }
        while (at < values.size()) {
            WireField value = values.get(at);
            if (value.isPacked()) {
                packed = value.open();
                return true;
            }
            at++;
            if (!isLeftOut(value)) {
                item();
                printer.value(value, sensitive);
                return true;
            }
        }
        return false;
    }

    private boolean nextPacked(CodedInputStream in) {
        FieldType field = values.get(at).field();
        try {
            if (in.isAtEnd()) {
                return false;
            }
            item();
            Scalars.write(printer.out, field, in);
            return true;
        } catch (IOException e) {
            // The last one is cut off: what is there of it is no number.
            Scalars.unset(printer.out, field);
            return false;
        }
    }

    private boolean isLeftOut(WireField value) {
        FieldType field = value.field();
        return field.kind() == FieldType.Kind.MESSAGE
                && ValueKind.isLeftOut(field.message(), value, sensitive);
    }
}
