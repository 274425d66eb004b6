package dev.attache.agent.names;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names on the wire and as text (RFC 1035, 3.1 and 4.1.4). As text, bytes are characters of Latin
 * 1, a dot or backslash within a label has a backslash before it, and the end is a dot.
 */
final class DnsName {

    private static final int MAX_BYTES = 255;
    private static final int MAX_LABEL = 63;
    private static final int POINTER = 0xc0;

    private DnsName() {}

    /** The name in lower case, as the table's keys are. */
    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * The labels of a text, its end not being one; null where it is no name: empty or long labels,
     * or all too long.
     */
    static @Nullable List<byte[]> labels(String name) {
        List<byte[]> labels = new ArrayList<>();
        StringBuilder label = new StringBuilder();
        int bytes = 1;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                label.append(name.charAt(++i));
            } else if (c != '.') {
                label.append(c);
            }
            if (c == '.' || i == name.length() - 1) {
                if (label.isEmpty() || label.length() > MAX_LABEL) {
                    return name.equals(".") ? List.of() : null;
                }
                bytes += 1 + label.length();
                labels.add(label.toString().getBytes(StandardCharsets.ISO_8859_1));
                label.setLength(0);
            }
        }
        return bytes > MAX_BYTES ? null : labels;
    }

    /** How many bytes the text's name has on the wire. */
    static int length(List<byte[]> labels) {
        int length = 1;
        for (byte[] label : labels) {
            length += 1 + label.length;
        }
        return length;
    }

    /** A name read from a message, and where it ends there. */
    record Read(String name, int end) {}

    /** The name that begins at a place of a message; null where there is none. */
    static @Nullable Read read(byte[] message, int start) {
        StringBuilder name = new StringBuilder();
        int at = start;
        int end = -1;
        int bytes = 1;
        while (true) {
            if (at >= message.length) {
                return null;
            }
            int length = message[at] & 0xff;
            if (length == 0) {
                return new Read(name.isEmpty() ? "." : name.toString(), end < 0 ? at + 1 : end);
            }
            if ((length & POINTER) == POINTER) {
                int target = at + 1 < message.length ? pointer(message, at) : at;
                // A name goes back only: so that it ends.
                if (target >= at || bytes > MAX_BYTES) {
                    return null;
                }
                end = end < 0 ? at + 2 : end;
                at = target;
                bytes++;
                continue;
            }
            bytes += 1 + length;
            if (length > MAX_LABEL || bytes > MAX_BYTES || at + 1 + length > message.length) {
                return null;
            }
            append(name, message, at + 1, length);
            at += 1 + length;
        }
    }

    private static int pointer(byte[] message, int at) {
        return (message[at] & 0x3f) << 8 | message[at + 1] & 0xff;
    }

    private static void append(StringBuilder name, byte[] message, int from, int length) {
        for (int i = from; i < from + length; i++) {
            char c = (char) (message[i] & 0xff);
            if (c == '.' || c == '\\') {
                name.append('\\');
            }
            name.append(c);
        }
        name.append('.');
    }
}
