package dev.attache.server.admin.message;

import dev.attache.api.MessageType;

/** How JSON has a message. */
enum Form {
    /** An object of its fields. */
    FIELDS,
    /** The content's fields behind its type. */
    ANY,
    /** The single value that is in it. */
    WRAPPER,
    /** A value of any kind. */
    VALUE,
    /** An object. */
    STRUCT,
    /** An array. */
    LIST,
    /** A text. */
    TIMESTAMP,
    /** A text. */
    DURATION,
    /** A text. */
    FIELD_MASK,
    /** Its fields; what is in it is a message of another type, as a Struct. */
    TYPED_STRUCT;

    private static final String WELL_KNOWN = "google.protobuf.";

    static Form of(MessageType type) {
        String name = type.fullName();
        if (name.startsWith(WELL_KNOWN)) {
            return ofWellKnown(name.substring(WELL_KNOWN.length()));
        }
        return name.equals("xds.type.v3.TypedStruct") || name.equals("udpa.type.v1.TypedStruct")
                ? TYPED_STRUCT
                : FIELDS;
    }

    private static Form ofWellKnown(String name) {
        return switch (name) {
            case "Any" -> ANY;
            case "Value" -> VALUE;
            case "Struct" -> STRUCT;
            case "ListValue" -> LIST;
            case "Timestamp" -> TIMESTAMP;
            case "Duration" -> DURATION;
            case "FieldMask" -> FIELD_MASK;
            case "BoolValue",
                    "Int32Value",
                    "Int64Value",
                    "UInt32Value",
                    "UInt64Value",
                    "FloatValue",
                    "DoubleValue",
                    "StringValue",
                    "BytesValue" ->
                    WRAPPER;
            default -> FIELDS;
        };
    }

    /** Whether an Any has it as a member of its own rather than its fields beside the type. */
    boolean isMemberOfAny() {
        return this != FIELDS && this != TYPED_STRUCT;
    }
}
