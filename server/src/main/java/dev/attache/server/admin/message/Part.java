package dev.attache.server.admin.message;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something to print as a message. */
public sealed interface Part {

    /** The message's type. */
    MessageType type();

    /** The URL of a message that is the content of an Any; null where it is none. */
    @Nullable String typeUrl();

    /** A message that is there. */
    record Whole(MessageBytes message, @Nullable String typeUrl) implements Part {
        @Override
        public MessageType type() {
            return message.type();
        }
    }

    /**
     * A message of which some repeated fields are made while it is printed, one value after the
     * other, so that thousands of resources are never all there at once. Printed once.
     *
     * @param head the fields that are there
     * @param lists the others
     */
    record Growing(MessageBytes head, @Nullable String typeUrl, List<Elements> lists)
            implements Part {
        @Override
        public MessageType type() {
            return head.type();
        }
    }

    /**
     * A repeated field of messages.
     *
     * @param batches what comes of one step each, which may be nothing
     */
    record Elements(FieldType field, Iterator<? extends List<Part>> batches) {

        /** A message a step. */
        public static Elements each(FieldType field, Iterator<? extends Part> parts) {
            return new Elements(
                    field,
                    new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return parts.hasNext();
                        }

                        @Override
                        public List<Part> next() {
                            return List.of(parts.next());
                        }
                    });
        }
    }

    static Part of(MessageBytes message) {
        return new Whole(message, null);
    }

    /** The message within an Any. */
    default Part packed() {
        String url = "type.googleapis.com/" + type().fullName();
        return switch (this) {
            case Whole whole -> new Whole(whole.message, url);
            case Growing growing -> new Growing(growing.head, url, growing.lists);
        };
    }
}
