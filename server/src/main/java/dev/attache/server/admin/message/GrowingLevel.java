package dev.attache.server.admin.message;

import dev.attache.server.admin.message.wire.WireField;
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
            if (list.batches().hasNext() || printer.withDefaults()) {
                key(list.field().name());
                printer.push(new Parts(printer, list.batches()));
                return true;
            }
        }
        return super.step();
    }

    private static final class Parts extends Level {
        private final Iterator<? extends List<Part>> batches;
        private Iterator<Part> batch = List.<Part>of().iterator();

        Parts(MessagePrinter printer, Iterator<? extends List<Part>> batches) {
            super(printer, "[]");
            this.batches = batches;
        }

        @Override
        boolean step() {
            if (batch.hasNext()) {
                item();
                printer.open(batch.next());
                return true;
            }
            if (batches.hasNext()) {
                batch = batches.next().iterator();
                return true;
            }
            return false;
        }
    }
}
