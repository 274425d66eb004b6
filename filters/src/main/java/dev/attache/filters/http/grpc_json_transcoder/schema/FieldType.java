package dev.attache.filters.http.grpc_json_transcoder.schema;

import org.jspecify.annotations.Nullable;

/**
 * A field of a message. Immutable.
 *
 * @param oneof its index among those of the message; -1 = in none
 * @param presence whether a field that is not there differs from one with its default
 * @param message of message fields
 * @param enumeration of enum fields
 */
public record FieldType(
        String name,
        String jsonName,
        int number,
        Kind kind,
        boolean repeated,
        boolean required,
        boolean presence,
        int oneof,
        @Nullable MessageType message,
        @Nullable EnumType enumeration) {

    public boolean isMap() {
        return repeated && message != null && message.isMapEntry();
    }

    /** What errors call its type. */
    public String typeName() {
        if (message != null) {
            return message.typeUrl();
        }
        return enumeration != null ? enumeration.typeUrl() : kind.name();
    }

    /** Whether its values are JSON's null. */
    public boolean isNull() {
        return enumeration != null && enumeration.isNull();
    }

    public WellKnown wellKnown() {
        return message == null ? WellKnown.NONE : message.wellKnown();
    }

    /** Of a field that holds messages. */
    public MessageType messageType() {
        MessageType type = message;
        if (type == null) {
            throw new IllegalStateException(name + " holds no messages");
        }
        return type;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
