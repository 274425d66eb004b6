package dev.attache.server.admin.dump;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.MessageMask;
import dev.attache.server.admin.message.Part;
import dev.attache.server.admin.message.wire.MessageBytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One message of {@code /config_dump}: fields that are there at once, and lists of which each
 * element is made when it is its turn.
 */
final class DumpSection {

    /** One list. */
    private record Listing(FieldType field, Supplier<Stream<? extends Message>> messages) {}

    private final MessageType type;
    private final Supplier<? extends Message> head;
    private final List<Listing> listings = new ArrayList<>();

    /**
     * @param head makes the message with the fields that are no lists
     */
    DumpSection(Class<? extends Message> type, Supplier<? extends Message> head) {
        this.type = ApiTable.of(type);
        this.head = head;
    }

    /**
     * Adds a list.
     *
     * @param messages asked anew each time the list is printed
     */
    DumpSection list(String field, Supplier<Stream<? extends Message>> messages) {
        FieldType known = Objects.requireNonNull(type.field(field), field);
        listings.add(new Listing(known, messages));
        return this;
    }

    MessageType type() {
        return type;
    }

    /** All of it, or what a mask names that fits its type. */
    Part part(@Nullable MessageMask mask) {
        MessageBytes single = MessageBytes.of(head.get());
        List<Part.Elements> elements = new ArrayList<>();
        for (Listing listing : listings) {
            if (mask == null || mask.names(listing.field())) {
                elements.add(
                        Part.Elements.each(
                                listing.field(),
                                listing.messages()
                                        .get()
                                        .map(message -> Part.of(MessageBytes.of(message)))
                                        .iterator()));
            }
        }
        return new Part.Growing(mask == null ? single : mask.keep(single), null, elements);
    }

    /** The elements of one list; none of a list that this section never has. */
    Iterator<MessageBytes> elements(FieldType field) {
        for (Listing listing : listings) {
            if (listing.field() == field) {
                return listing.messages().get().map(message -> MessageBytes.of(message)).iterator();
            }
        }
        return List.<MessageBytes>of().iterator();
    }
}
