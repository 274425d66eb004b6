package dev.attache.filters.http.lua.exchange;

/** What {@code handle.lua} asks of the proxy; the number of each is its place. */
public enum Question {
    LOG,
    HEADERS_MODIFY,
    HEADERS_ADD,
    HEADERS_REPLACE,
    HEADERS_REMOVE,
    HEADERS_REASON,
    HEADERS_GET,
    HEADERS_GET_AT,
    HEADERS_COUNT,
    HEADERS_ALL,
    BODY,
    BODY_LENGTH,
    BODY_GET,
    BODY_SET,
    CHUNKS,
    CHUNK_NEXT,
    CHUNK,
    TRAILERS,
    STRUCT_GET,
    STRUCT_ALL,
    METADATA_SET,
    TYPED_METADATA,
    STATE_GET,
    STATE_SET,
    INFO,
    HAS_SSL,
    SSL_DEPRECATED,
    SSL,
    SSL_NAME,
    HAS_PEER_NAME,
    STAT_COUNTER,
    STAT_GAUGE,
    STAT_HISTOGRAM,
    STAT_ADD,
    STAT_SUB,
    STAT_SET,
    STAT_RECORD,
    STAT_VALUE,
    CALL_CLUSTER,
    CALL,
    CALL_HEADERS,
    CALL_BODY,
    RESPOND_CHECK,
    RESPOND,
    IMPORT_KEY,
    HAS_KEY,
    VERIFY,
    BASE64,
    TIMESTAMP,
    IS_ADDRESS,
    OVERRIDE_HOST,
    CLEAR_ROUTE;

    private static final Question[] ALL = values();

    public static Question of(int number) {
        return ALL[number];
    }

    /** The numbers, as a table for {@code handle.lua}. */
    public static String table() {
        StringBuilder out = new StringBuilder("local OP = {");
        for (Question question : ALL) {
            out.append(question.name()).append('=').append(question.ordinal()).append(',');
        }
        return out.append("} ").toString();
    }
}
