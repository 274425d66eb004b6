package dev.attache.server.admin.message;

import dev.attache.server.admin.message.wire.WireField;
import org.jspecify.annotations.Nullable;

/** An Any of which nobody knows the type: the bytes that it is. */
final class UnknownAnyLevel extends Level {
    private final String typeUrl;
    private final @Nullable WireField value;
    private int members;

    /**
     * @param value null where it is not to be shown
     */
    UnknownAnyLevel(MessagePrinter printer, String typeUrl, @Nullable WireField value) {
        super(printer, "{}");
        this.typeUrl = typeUrl;
        this.value = value;
    }

    @Override
    boolean step() {
        int member = members++;
        if (member == 0) {
            key("@type");
            printer.out.quote(typeUrl);
            return true;
        }
        if (member == 1 && value != null) {
            key("value");
            Scalars.write(printer.out, value);
            return true;
        }
        return false;
    }
}
