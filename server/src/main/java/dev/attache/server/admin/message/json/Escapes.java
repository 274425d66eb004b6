package dev.attache.server.admin.message.json;

/**
 * Which characters stand as escapes in JSON, as protobuf's C++ writer has it: beyond what JSON
 * itself demands those that cannot be seen, and those that mean something in HTML. Pure.
 */
final class Escapes {
    /** First and last of each range, in order. */
    private static final int[] ESCAPED = {
        0x00, 0x1f, '<', '<', '>', '>', 0x7f, 0x9f, 0xad, 0xad, 0x600, 0x603, 0x6dd, 0x6dd, 0x70f,
        0x70f, 0x17b4, 0x17b5, 0x200b, 0x200f, 0x2028, 0x202e, 0x2060, 0x2064, 0x206a, 0x206f,
        0xfeff, 0xfeff, 0xfff9, 0xfffb, 0x1d173, 0x1d17a, 0xe0001, 0xe0001, 0xe0020, 0xe007f,
    };

    private Escapes() {}

    /** What follows the backslash; 0 where the character has no escape of its own. */
    static char mark(int point) {
        return switch (point) {
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '\f' -> 'f';
            case '\b' -> 'b';
            case '"', '\\' -> (char) point;
            default -> 0;
        };
    }

    /** Whether it stands as its number. */
    static boolean isEscaped(int point) {
        for (int i = 0; i < ESCAPED.length && ESCAPED[i] <= point; i += 2) {
            if (point <= ESCAPED[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
