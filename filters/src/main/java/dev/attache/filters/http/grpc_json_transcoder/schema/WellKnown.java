package dev.attache.filters.http.grpc_json_transcoder.schema;

/** Messages whose JSON is not that of their fields (protobuf's "ProtoJSON Format"). */
public enum WellKnown {
    NONE,
    ANY,
    STRUCT,
    VALUE,
    LIST_VALUE,
    TIMESTAMP,
    DURATION,
    FIELD_MASK,
    WRAPPER;

    /** By full name. */
    static WellKnown of(String message) {
        return switch (message) {
            case "google.protobuf.Any" -> ANY;
            case "google.protobuf.Struct" -> STRUCT;
            case "google.protobuf.Value" -> VALUE;
            case "google.protobuf.ListValue" -> LIST_VALUE;
            case "google.protobuf.Timestamp" -> TIMESTAMP;
            case "google.protobuf.Duration" -> DURATION;
            case "google.protobuf.FieldMask" -> FIELD_MASK;
            case "google.protobuf.DoubleValue",
                    "google.protobuf.FloatValue",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.Int32Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.BoolValue",
                    "google.protobuf.StringValue",
                    "google.protobuf.BytesValue" ->
                    WRAPPER;
            default -> NONE;
        };
    }

    /** Whether a single JSON value stands for the whole message. */
    public boolean isScalar() {
        return this == TIMESTAMP
                || this == DURATION
                || this == FIELD_MASK
                || this == WRAPPER
                || this == VALUE;
    }
}
