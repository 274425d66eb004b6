package dev.attache.server.admin.message;

import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import org.jspecify.annotations.Nullable;

/**
 * A TypedStruct, redacted by the message that it spells. As in Envoy it is that message's JSON that
 * is shown: what the type does not have is gone.
 */
final class TypedStructLevel extends Level {
    private final MessageBytes typed;
    private final MessageBytes content;
    private final boolean sensitive;
    private @Nullable String typeUrl;
    private int members;

    /**
     * @param typeUrl of the TypedStruct itself, where it is in an Any
     */
    TypedStructLevel(
            MessagePrinter printer,
            MessageBytes typed,
            @Nullable String typeUrl,
            MessageBytes content,
            boolean sensitive) {
        super(printer, "{}");
        this.typed = typed;
        this.content = content;
        this.sensitive = sensitive;
        this.typeUrl = typeUrl;
    }

    @Override
    boolean step() {
        if (typeUrl != null) {
            key("@type");
            printer.out.quote(typeUrl);
            typeUrl = null;
            return true;
        }
        int member = members++;
        if (member == 0) {
            WireField url = typed.field(1);
            key("type_url");
            printer.out.quote(url == null ? "" : url.text());
            return true;
        }
        if (member == 1) {
            key("value");
            printer.openWithin(content, sensitive);
            return true;
        }
        return false;
    }
}
