package dev.attache.filters.http.grpc_json_transcoder.json;

/** What a text of JSON goes on with, as far as its next characters tell. */
enum JsonToken {
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL,
    BEGIN_OBJECT,
    END_OBJECT,
    BEGIN_ARRAY,
    END_ARRAY,
    COLON,
    COMMA,
    /** A name without quotes. */
    KEY,
    /** None, or nothing is there yet. */
    UNKNOWN;

    static JsonToken at(String text, int at) {
        if (at == text.length()) {
            return UNKNOWN;
        }
        char c = text.charAt(at);
        return switch (c) {
            case '"', '\'' -> STRING;
            case '{' -> BEGIN_OBJECT;
            case '}' -> END_OBJECT;
            case '[' -> BEGIN_ARRAY;
            case ']' -> END_ARRAY;
            case ':' -> COLON;
            case ',' -> COMMA;
            default -> {
                if (c == '-' || Utf8.isDigit(c)) {
                    yield NUMBER;
                }
                yield Utf8.isLetter(c) ? word(text, at) : UNKNOWN;
            }
        };
    }

    private static JsonToken word(String text, int at) {
        if (text.startsWith("true", at)) {
            return TRUE;
        }
        if (text.startsWith("false", at)) {
            return FALSE;
        }
        return text.startsWith("null", at) ? NULL : KEY;
    }
}
