package dev.attache.server.admin.message;

import dev.attache.server.admin.message.wire.MessageBytes;

/** An Any whose content JSON has no fields for: it is a member of its own. */
final class AnyLevel extends Level {
    private final String typeUrl;
    private final MessageBytes content;
    private final boolean sensitive;
    private int members;

    AnyLevel(MessagePrinter printer, String typeUrl, MessageBytes content, boolean sensitive) {
        super(printer, "{}");
        this.typeUrl = typeUrl;
        this.content = content;
        this.sensitive = sensitive;
    }

    @Override
    boolean step() {
        switch (members++) {
            case 0 -> {
                key("@type");
                printer.out.quote(typeUrl);
            }
            case 1 -> {
                key("value");
                printer.openWithin(content, sensitive);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
