package dev.attache.api;

import com.google.protobuf.Any;
import com.google.protobuf.Message;

/** Messages as the content of an Any. Pure. */
public final class Packed {
    private static final String PREFIX = "type.googleapis.com/";

    private Packed() {}

    /** What {@link Any#pack} makes, without the message's descriptor. */
    public static Any of(Message message) {
        return Any.newBuilder()
                .setTypeUrl(PREFIX + ApiTable.of(message).fullName())
                .setValue(message.toByteString())
                .build();
    }
}
