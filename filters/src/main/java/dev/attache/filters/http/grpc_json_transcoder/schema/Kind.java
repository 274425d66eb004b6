package dev.attache.filters.http.grpc_json_transcoder.schema;

/** The kind of a field's values, named as protobuf names it in errors. */
public enum Kind {
    TYPE_DOUBLE(1),
    TYPE_FLOAT(5),
    TYPE_INT64(0),
    TYPE_UINT64(0),
    TYPE_INT32(0),
    TYPE_FIXED64(1),
    TYPE_FIXED32(5),
    TYPE_BOOL(0),
    TYPE_STRING(2),
    TYPE_GROUP(3),
    TYPE_MESSAGE(2),
    TYPE_BYTES(2),
    TYPE_UINT32(0),
    TYPE_ENUM(0),
    TYPE_SFIXED32(5),
    TYPE_SFIXED64(1),
    TYPE_SINT32(0),
    TYPE_SINT64(0);

    private final int wireType;

    Kind(int wireType) {
        this.wireType = wireType;
    }

    /** Of one value that is not packed. */
    public int wireType() {
        return wireType;
    }

    /** Protobuf's number of the kind. */
    public int number() {
        return ordinal() + 1;
    }

    public boolean isMessage() {
        return this == TYPE_MESSAGE || this == TYPE_GROUP;
    }
}
