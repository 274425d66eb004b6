package dev.attache.filters.http.grpc_json_transcoder.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as it arrives, cut anywhere, and as leniently as Envoy does: names without quotes,
 * single quotes, a comma before the end. What waits for more is short but for a string, and that is
 * not read again with each piece. Loop-confined.
 *
 * <p>Longer than files here should be: the states of one automaton.
 */
public final class JsonReader {
    private static final int CONTEXT = 20;
    private static final int DEEPEST = 100;
    private static final int LONGEST_WORD = 5;

    /** A number or a name without quotes, in octets; Envoy has no limit. */
    private static final int LONGEST_TOKEN = 4096;

    private static final String NO_UTF8 = "Encountered non UTF-8 code points.";

    /** What is expected next. */
    private enum Expected {
        VALUE,
        OBJECT_MID,
        ENTRY,
        ENTRY_MID,
        ARRAY_VALUE,
        ARRAY_MID
    }

    private enum Outcome {
        OK,
        /** More has to come before anything can be said. */
        WAIT,
        FAILED
    }

    private final JsonEvents events;
    private final Deque<Expected> stack = new ArrayDeque<>();

    /** What came and could not be read yet. */
    private String leftover = "";

    private String text = "";
    private int at;
    private boolean finishing;
    private String key = "";
    private char quote;
    private final StringBuilder string = new StringBuilder();
    private int depth;
    private String error = "";

    public JsonReader(JsonEvents events) {
        this.events = events;
        stack.push(Expected.VALUE);
    }

    /** Reads a piece; null, or what is wrong. */
    public @Nullable String read(String octets) {
        String chunk = leftover + octets;
        int valid = Utf8.validPrefix(chunk);
        leftover = "";
        if (valid > 0) {
            text = chunk.substring(0, valid);
            at = 0;
            finishing = false;
            if (run() == Outcome.FAILED) {
                return error;
            }
            skipBlanks();
            if (at < text.length()) {
                if (stack.isEmpty()) {
                    failure("Parsing terminated before end of input.");
                    return error;
                }
                leftover = text.substring(at);
            }
        }
        leftover += chunk.substring(valid);
        if (chunk.length() - valid > CONTEXT) {
            // It will not become a character any more.
            text = leftover;
            at = 0;
            failure(NO_UTF8);
            return error;
        }
        return null;
    }

    /** Octets of heap that what waits for more takes. */
    public long held() {
        return leftover.length() + string.capacity();
    }

    /** Nothing more comes; null, or what is wrong. */
    public @Nullable String finish() {
        if (stack.isEmpty() && leftover.isEmpty()) {
            return null;
        }
        text = leftover;
        at = 0;
        if (Utf8.validPrefix(text) < text.length()) {
            failure(NO_UTF8);
            return error;
        }
        finishing = true;
        if (run() != Outcome.OK) {
            return error;
        }
        skipBlanks();
        if (at < text.length()) {
            failure("Parsing terminated before end of input.");
            return error;
        }
        return null;
    }

    private Outcome run() {
        while (!stack.isEmpty()) {
            Expected expected = stack.element();
            JsonToken token = quote == 0 ? token() : JsonToken.STRING;
            stack.pop();
            Outcome outcome =
                    switch (expected) {
                        case VALUE -> value(token);
                        case OBJECT_MID -> objectMid(token);
                        case ENTRY -> entry(token);
                        case ENTRY_MID -> entryMid(token);
                        case ARRAY_VALUE -> arrayValue(token);
                        case ARRAY_MID -> arrayMid(token);
                    };
            if (outcome == Outcome.WAIT) {
                stack.push(expected);
            }
            if (outcome != Outcome.OK) {
                return outcome;
            }
        }
        return Outcome.OK;
    }

    // ---- grammar ------------------------------------------------------------------------------

    private Outcome value(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> beginObject();
            case BEGIN_ARRAY -> beginArray();
            case STRING -> stringValue();
            case NUMBER -> number();
            case TRUE -> word(Scalar.flag(true), 4);
            case FALSE -> word(Scalar.flag(false), LONGEST_WORD);
            case NULL -> word(Scalar.NULL, 4);
            case UNKNOWN -> unknown("Expected a value.");
            default -> {
                if (!finishing && text.length() - at < LONGEST_WORD) {
                    yield Outcome.WAIT;
                }
                yield failure("Unexpected token.");
            }
        };
    }

    private String takeKey() {
        String taken = key;
        key = "";
        return taken;
    }

    private Outcome word(Scalar meaning, int length) {
        events.value(takeKey(), meaning);
        at += length;
        return Outcome.OK;
    }

    private Outcome beginObject() {
        at++;
        events.startObject(key);
        if (++depth > DEEPEST) {
            error = "Message too deep. Max recursion depth reached for key '" + key + "'";
            return Outcome.FAILED;
        }
        key = "";
        stack.push(Expected.ENTRY);
        return Outcome.OK;
    }

    private Outcome beginArray() {
        at++;
        events.startList(key);
        if (++depth > DEEPEST) {
            error = "Message too deep. Max recursion depth reached in array";
            return Outcome.FAILED;
        }
        key = "";
        stack.push(Expected.ARRAY_VALUE);
        return Outcome.OK;
    }

    private Outcome endObject() {
        at++;
        events.endObject();
        depth--;
        return Outcome.OK;
    }

    private Outcome endArray() {
        at++;
        events.endList();
        depth--;
        return Outcome.OK;
    }

    private Outcome then(Expected next) {
        at++;
        stack.push(next);
        return Outcome.OK;
    }

    private Outcome objectMid(JsonToken token) {
        return switch (token) {
            case UNKNOWN -> unknown("Expected , or } after key:value pair.");
            case END_OBJECT -> endObject();
            case COMMA -> then(Expected.ENTRY);
            default -> failure("Expected , or } after key:value pair.");
        };
    }

    private Outcome entry(JsonToken token) {
        Outcome outcome =
                switch (token) {
                    case UNKNOWN -> unknown("Expected an object key or }.");
                    case END_OBJECT -> endObject();
                    case STRING -> quotedKey();
                    case KEY, NULL, TRUE, FALSE -> bareKey(token);
                    default -> failure("Expected an object key or }.");
                };
        if (outcome == Outcome.OK && token != JsonToken.END_OBJECT) {
            stack.push(Expected.OBJECT_MID);
            stack.push(Expected.ENTRY_MID);
        }
        return outcome;
    }

    private Outcome quotedKey() {
        Outcome outcome = string();
        if (outcome == Outcome.OK) {
            key = takeString();
        }
        return outcome;
    }

    private Outcome bareKey(JsonToken token) {
        int from = at;
        int to = at + 1;
        while (to < text.length() && Utf8.isKeyPart(text.charAt(to))) {
            to++;
        }
        if (to - from > LONGEST_TOKEN) {
            return failure("Key too long.");
        }
        if (!finishing && to == text.length()) {
            return Outcome.WAIT;
        }
        key = text.substring(from, to);
        at = to;
        boolean reserved = key.equals("null") || key.equals("true") || key.equals("false");
        return token != JsonToken.KEY && reserved
                ? failure("Expected an object key or }.")
                : Outcome.OK;
    }

    private Outcome entryMid(JsonToken token) {
        return switch (token) {
            case UNKNOWN -> unknown("Expected : between key:value pair.");
            case COLON -> then(Expected.VALUE);
            default -> failure("Expected : between key:value pair.");
        };
    }

    private Outcome arrayValue(JsonToken token) {
        if (token == JsonToken.UNKNOWN) {
            return unknown("Expected a value or ] within an array.");
        }
        if (token == JsonToken.END_ARRAY) {
            return endArray();
        }
        stack.push(Expected.ARRAY_MID);
        Outcome outcome = value(token);
        if (outcome == Outcome.WAIT) {
            stack.pop();
        }
        return outcome;
    }

    private Outcome arrayMid(JsonToken token) {
        return switch (token) {
            case UNKNOWN -> unknown("Expected , or ] after array value.");
            case END_ARRAY -> endArray();
            case COMMA -> then(Expected.ARRAY_VALUE);
            default -> failure("Expected , or ] after array value.");
        };
    }

    // ---- strings ------------------------------------------------------------------------------

    private String takeString() {
        String taken = string.toString();
        string.setLength(0);
        return taken;
    }

    private Outcome stringValue() {
        Outcome outcome = string();
        if (outcome == Outcome.OK) {
            String value = takeString();
            events.value(takeKey(), Scalar.string(value));
        }
        return outcome;
    }

    private Outcome string() {
        if (quote == 0) {
            quote = text.charAt(at++);
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == quote) {
                quote = 0;
                at++;
                return Outcome.OK;
            }
            if (c != '\\') {
                string.append(c);
                at++;
                continue;
            }
            Outcome escape = escape();
            if (escape != Outcome.OK) {
                return escape;
            }
        }
        if (!finishing) {
            return Outcome.WAIT;
        }
        quote = 0;
        return failure("Closing quote expected in string.");
    }

    private Outcome escape() {
        if (text.length() - at == 1) {
            return finishing ? failure("Closing quote expected in string.") : Outcome.WAIT;
        }
        char c = text.charAt(at + 1);
        if (c == 'u') {
            return unicode();
        }
        string.append(
                switch (c) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> (char) 0x0b;
                    default -> c;
                });
        at += 2;
        return Outcome.OK;
    }

    private Outcome unicode() {
        if (text.length() - at < 6) {
            return finishing ? failure("Illegal hex string.") : Outcome.WAIT;
        }
        int code = Utf8.hex(text, at + 2);
        if (code < 0) {
            return failure("Invalid escape sequence.");
        }
        if (Character.isHighSurrogate((char) code)) {
            if (text.length() - at < 12) {
                return finishing ? failure("Missing low surrogate.") : Outcome.WAIT;
            }
            if (text.charAt(at + 6) != '\\' || text.charAt(at + 7) != 'u') {
                return failure("Missing low surrogate.");
            }
            int low = Utf8.hex(text, at + 8);
            if (low < 0) {
                return failure("Invalid escape sequence.");
            }
            if (!Character.isLowSurrogate((char) low)) {
                return failure("Invalid low surrogate.");
            }
            code = Character.toCodePoint((char) code, (char) low);
            at += 6;
        } else if (Character.isLowSurrogate((char) code)) {
            return failure("Invalid unicode code point.");
        }
        at += 6;
        byte[] octets = Character.toString(code).getBytes(StandardCharsets.UTF_8);
        string.append(new String(octets, StandardCharsets.ISO_8859_1));
        return Outcome.OK;
    }

    // ---- numbers ------------------------------------------------------------------------------

    private Outcome number() {
        int to = at;
        boolean floating = false;
        for (; to < text.length(); to++) {
            char c = text.charAt(to);
            if (c == '.' || c == 'e' || c == 'E') {
                floating = true;
            } else if (!Utf8.isDigit(c) && c != '+' && c != '-' && c != 'x') {
                break;
            }
        }
        if (to - at > LONGEST_TOKEN) {
            return failure("Unable to parse number.");
        }
        if (to == text.length() && !finishing) {
            return Outcome.WAIT;
        }
        String figures = text.substring(at, to);
        boolean negative = figures.charAt(0) == '-';
        if (!floating
                && figures.length() >= (negative ? 3 : 2)
                && figures.charAt(negative ? 1 : 0) == '0') {
            return failure("Octal/hex numbers are not valid JSON values.");
        }
        Scalar value = Scalar.number(figures, floating);
        if (value == null) {
            return failure("Unable to parse number.");
        }
        if (value.isEndless()) {
            return failure("Number exceeds the range of double.");
        }
        events.value(takeKey(), value);
        at = to;
        return Outcome.OK;
    }

    // ---- tokens -------------------------------------------------------------------------------

    private void skipBlanks() {
        while (at < text.length() && Utf8.isBlank(text.charAt(at))) {
            at++;
        }
    }

    private JsonToken token() {
        skipBlanks();
        return JsonToken.at(text, at);
    }

    private Outcome unknown(String message) {
        if (!finishing) {
            if (text.length() - at <= CONTEXT) {
                return Outcome.WAIT;
            }
            // No more of it would be read; told as at the end, without what stands before.
            text = text.substring(at);
            at = 0;
        }
        return failure(at == text.length() ? "Unexpected end of string. " + message : message);
    }

    /** With what stands around it, and where. */
    private Outcome failure(String message) {
        int from = Math.max(0, at - CONTEXT);
        int to = Math.min(text.length(), at + CONTEXT);
        error = message + "\n" + text.substring(from, to) + "\n" + " ".repeat(at - from) + "^";
        return Outcome.FAILED;
    }
}
