package dev.attache.filters.http.header_to_metadata;

/**
 * What becomes of a value. Immutable.
 *
 * @param namespace of the metadata
 * @param value octets that go there in place of those that were found; empty = none
 */
record Target(String namespace, String key, String value, Type type, boolean base64) {

    /** As what it is written. */
    enum Type {
        STRING,
        NUMBER,
        /** A serialized {@code google.protobuf.Value}. */
        PROTOBUF_VALUE
    }
}
