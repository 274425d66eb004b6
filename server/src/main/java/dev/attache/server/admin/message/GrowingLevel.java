package dev.attache.server.admin.message;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** The fields of a message of which some are made while it is printed. */
final class GrowingLevel extends FieldsLevel {
    private final List<Part.Elements> lists;
    private int at;

    GrowingLevel(MessagePrinter printer, Part.Growing message) {
        super(printer, head(printer, message), message.typeUrl(), false);
        this.lists =
                message.lists().stream()
                        .sorted(Comparator.comparingInt(list -> list.field().number()))
                        .toList();
    }

    private static List<WireField> head(MessagePrinter printer, Part.Growing message) {
        List<WireField> fields = shown(printer, message.head());
        for (Part.Elements list : message.lists()) {
            fields.removeIf(field -> field.field() == list.field());
        }
        return fields;
    }

    @Override
    boolean step() {
        while (at < lists.size() && lists.get(at).field().number() < nextNumber()) {
            Part.Elements list = lists.get(at++);
            if (list.parts().hasNext() || printer.withDefaults()) {
                key(list.field().name());
                printer.push(new Parts(printer, list.parts()));
                return true;
            }
        }
        return super.step();
    }

    private static final class Parts extends Level {
        private final Iterator<? extends Part> parts;

        Parts(MessagePrinter printer, Iterator<? extends Part> parts) {
            super(printer, "[]");
            this.parts = parts;
        }

        @Override
        boolean step() {
            if (!parts.hasNext()) {
                return false;
            }
            item();
            printer.open(parts.next());
            return true;
        }
    }
}
