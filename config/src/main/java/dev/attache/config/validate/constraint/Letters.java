package dev.attache.config.validate.constraint;

import dev.attache.api.FieldRules.Format;
import dev.attache.api.FieldRules.Strings;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The known regular expressions of header names and values as the bytes that they allow: they are
 * asked for each header of each route.
 */
enum Letters {
    NAME("^:?[0-9a-zA-Z!#$%&'*+-.^_|~`]+$") {
        @Override
        boolean allows(byte[] bytes, int from, int to) {
            int first = from < to && bytes[from] == ':' ? from + 1 : from;
            return first < to && all(TOKEN, bytes, first, to);
        }
    },
    VALUE("^[^\\x00-\\x08\\n-\\x1F\\x7F]*$") {
        @Override
        boolean allows(byte[] bytes, int from, int to) {
            return all(PRINTED, bytes, from, to);
        }
    },
    /** Names and values that are not held to the letters of the standard. */
    ANY("^[^\\x00\\n\\r]*$") {
        @Override
        boolean allows(byte[] bytes, int from, int to) {
            return all(NO_LINES, bytes, from, to);
        }
    };

    private static final BitSet TOKEN = new BitSet(256);
    private static final BitSet PRINTED = new BitSet(256);
    private static final BitSet NO_LINES = new BitSet(256);

    static {
        TOKEN.set('0', '9' + 1);
        TOKEN.set('a', 'z' + 1);
        TOKEN.set('A', 'Z' + 1);
        TOKEN.set('+', '.' + 1); // a range in the expression
        for (char c : "!#$%&'*^_|~`".toCharArray()) {
            TOKEN.set(c);
        }
        PRINTED.set(' ', 256);
        PRINTED.set('\t');
        PRINTED.clear(0x7f);
        NO_LINES.set(1, 256);
        NO_LINES.clear('\n');
        NO_LINES.clear('\r');
    }

    private final String shown;

    /**
     * @param shown the expression as Envoy's build prints it, with C's escapes
     */
    Letters(String shown) {
        this.shown = shown;
    }

    static @Nullable Letters of(Strings rules) {
        if (rules.format() != Format.HTTP_HEADER_NAME
                && rules.format() != Format.HTTP_HEADER_VALUE) {
            return null;
        }
        if (!rules.strict()) {
            return ANY;
        }
        return rules.format() == Format.HTTP_HEADER_NAME ? NAME : VALUE;
    }

    abstract boolean allows(byte[] bytes, int from, int to);

    @Nullable String wrong(byte[] bytes, int from, int to) {
        return allows(bytes, from, to)
                ? null
                : "value does not match regex pattern \"" + shown + "\"";
    }

    private static boolean all(BitSet allowed, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!allowed.get(bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
